import { quantile } from "../../numerics/index.ts";
import type { OutputWarp } from "./output-warp.ts";

/** Interquartile ranges below the lower quartile from which a score is an outlier (Tukey, 1977). */
const OUTLYING = 1.5;

/**
 * Raises outliers among the bad scores to where outliers begin and leaves all others as they are: for objectives whose
 * bad values matter too, since what is best in one is often bad in another.
 *
 * @param scores - finite, larger is better; shape (scores)
 */
export function clippedWarp(scores: Float64Array): OutputWarp {
  const lower = quantile(scores, 0.25);
  const least = lower - OUTLYING * (quantile(scores, 0.75) - lower);
  return {
    warped: scores.map((score) => Math.max(least, score)),
    warp: (score) => Math.max(least, score),
    unwarp: (value) => value,
    slopeAt: () => 1,
  };
}
