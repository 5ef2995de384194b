import { type TrainingData } from "./gaussian-process.ts";

/** Data with one row for each input. */
export interface MergedData {
  readonly data: TrainingData;
  /** Row of the merged data for each row before; shape (count before). */
  readonly rowOf: Int32Array;
}

/** Weight of the pooled variance in that of one setting, in degrees of freedom: few repeats tell little of their own. */
const POOLED = 4;

/** With fewer repeats their variance is anybody's guess, and the values stay as they are. */
const LEAST_REPEATS = 3;

/**
 * Merges values that were measured at equal inputs into their mean, with the variance that its repeats show: that of
 * all repeats together, and of the setting's own the more of them there are, so that noise may differ from place to
 * place. For a Gaussian process with that noise it changes nothing but the cost.
 *
 * @returns the data themselves when there are fewer than three repeats
 */
export function mergeReplicates(data: TrainingData): MergedData {
  const { count, dimension, inputs } = data;
  const rowsByInput = new Map<string, number[]>();
  for (let i = 0; i < count; i++) {
    const key = inputs.subarray(i * dimension, (i + 1) * dimension).join();
    const rows = rowsByInput.get(key);
    if (rows === undefined) rowsByInput.set(key, [i]);
    else rows.push(i);
  }
  const rowOf = new Int32Array(count);
  const sets = [...rowsByInput.values()];
  for (const [k, rows] of sets.entries()) for (const row of rows) rowOf[row] = k;
  if (count - sets.length < LEAST_REPEATS)
    return { data, rowOf: Int32Array.from({ length: count }, (_, i) => i) };
  const pooled = pooledVariance(data, sets);
  const merged = sets.map((rows) => mergedRow(data, rows, pooled));
  const first = new Float64Array(sets.length * dimension);
  for (const [k, rows] of sets.entries()) {
    const from = (rows[0] as number) * dimension;
    first.set(inputs.subarray(from, from + dimension), k * dimension);
  }
  return {
    data: {
      count: sets.length,
      dimension,
      inputs: first,
      values: Float64Array.from(merged, ({ value }) => value),
      variances: Float64Array.from(merged, ({ variance }) => variance),
    },
    rowOf,
  };
}

function mergedRow(
  { values, variances }: TrainingData,
  rows: readonly number[],
  pooled: number,
): { value: number; variance: number } {
  const known = rows.every((row) => (variances[row] as number) > 0);
  if (rows.length === 1) {
    const row = rows[0] as number;
    return { value: values[row] as number, variance: known ? (variances[row] as number) : pooled };
  }
  if (known) {
    // Values of known variance are weighed by its inverse.
    const precision = rows.reduce((sum, row) => sum + 1 / (variances[row] as number), 0);
    const weighted = rows.reduce((sum, row) => sum + (values[row] as number) / (variances[row] as number), 0);
    return { value: weighted / precision, variance: 1 / precision };
  }
  const freedom = rows.length - 1;
  const own = squaresWithin(values, rows);
  return {
    value: meanOf(values, rows),
    variance: (POOLED * pooled + own) / (POOLED + freedom) / rows.length,
  };
}

function pooledVariance({ values }: TrainingData, sets: readonly (readonly number[])[]): number {
  let squares = 0;
  let freedom = 0;
  for (const rows of sets) {
    squares += squaresWithin(values, rows);
    freedom += rows.length - 1;
  }
  return freedom === 0 ? 0 : squares / freedom;
}

function squaresWithin(values: Float64Array, rows: readonly number[]): number {
  const mean = meanOf(values, rows);
  return rows.reduce((sum, row) => {
    const difference = (values[row] as number) - mean;
    return sum + difference * difference;
  }, 0);
}

function meanOf(values: Float64Array, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;
}
