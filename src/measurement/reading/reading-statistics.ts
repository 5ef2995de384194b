/** Mean and scatter of readings, kept without the readings themselves. */
export interface ReadingStatistics {
  readonly count: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean. */
  readonly squares: number;
  readonly last: number;
}

/**
 * The statistics with one more reading.
 * Source: Welford, Technometrics 4 (1962) 419.
 */
export function addReading(before: ReadingStatistics | undefined, reading: number): ReadingStatistics {
  if (before === undefined) return { count: 1, mean: reading, squares: 0, last: reading };
  const count = before.count + 1;
  const step = reading - before.mean;
  const mean = before.mean + step / count;
  return { count, mean, squares: before.squares + step * (reading - mean), last: reading };
}

/**
 * Standard uncertainty of the mean from the scatter of the readings (GUM type A, JCGM 100:2008, 4.2.3).
 *
 * @returns 0 for a single reading, whose scatter says nothing
 */
export function standardUncertainty({ count, squares }: ReadingStatistics): number {
  return count < 2 ? 0 : Math.sqrt(squares / (count - 1) / count);
}
