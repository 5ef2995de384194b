import type { Likeness } from "./kernel-coordinates.ts";

/**
 * Columns that differ between rows, each with mean 0 and variance 1.
 *
 * @param rows - equally long
 */
export function standardised(rows: readonly (readonly number[])[]): number[][] {
  const width = rows[0]?.length ?? 0;
  const columns: number[][] = [];
  for (let k = 0; k < width; k++) {
    const values = rows.map((row) => row[k] as number);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / values.length);
    // What differs by less than rounding is constant.
    if (sd > 1e-12 * Math.abs(mean)) columns.push(values.map((x) => (x - mean) / sd));
  }
  return rows.map((_, i) => columns.map((column) => column[i] as number));
}

/** Likeness of rows of descriptors: the product of their standardised columns, so that its coordinates are principal components. */
export function descriptorLikeness(rows: readonly (readonly number[])[]): Likeness {
  const scaled = standardised(rows).map((row) => Float64Array.from(row));
  return {
    count: rows.length,
    between: (i, j) => {
      const other = scaled[j] as Float64Array;
      return (scaled[i] as Float64Array).reduce((sum, x, k) => sum + x * (other[k] as number), 0);
    },
  };
}
