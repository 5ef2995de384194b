import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import type { Outlier } from "../../../hypothesis/surrogate/outliers.ts";

/** A fit that looks at some of the data only, and what that costs. */
export interface Approximation {
  readonly used: number;
  readonly of: number;
  /** Root mean square error at settings left out, as a share of the spread of all values. */
  readonly error: number;
}

/** The surrogate of a score. */
export interface ScoreFit {
  /** At least one; weights sum to 1. */
  readonly members: readonly FittedProcess[];
  /** Expected score of each observation, noise taken out; -∞ where it was left out. Shape (observations). */
  readonly means: Float64Array;
  /** Observations that the others hold for impossible; `row` counts observations. */
  readonly outliers: readonly Outlier[];
  readonly approximation?: Approximation;
  /** Probability that earlier campaigns tell of the current one, even odds before; absent where there are none. */
  readonly earlierShare?: number;
}
