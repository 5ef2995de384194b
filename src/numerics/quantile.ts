/**
 * The value below which a share of the values lies, with linear interpolation between neighbours
 * (type 7 of Hyndman and Fan, 1996).
 *
 * @param values - at least one, in any order
 * @param share - 0 … 1
 * @throws RangeError when there are no values
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new RangeError("a quantile needs at least one value");
  const sorted = Float64Array.from(values).sort();
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (position - below) * (high - low);
}

/** The middle value. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
