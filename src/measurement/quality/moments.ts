/** The arithmetic mean of values; NaN of none. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** The sum of squared deviations of values from their mean. */
export function squaresOf(values: readonly number[], mean: number): number {
  return values.reduce((sum, each) => sum + (each - mean) * (each - mean), 0);
}
