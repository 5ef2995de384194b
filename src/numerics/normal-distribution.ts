import { exp, log, log1p } from "../base/elementary.ts";
import { erfcx } from "./erfcx.ts";

const LOG_SQRT_2PI = 0.5 * log(2 * Math.PI);

/** ln of the density of the standard normal distribution. */
export function logStandardNormalDensity(z: number): number {
  return -0.5 * z * z - LOG_SQRT_2PI;
}

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return exp(logStandardNormalDensity(z));
}

/** ln of the density of N(mean, sd²) at a value. */
export function logNormalDensity(value: number, mean: number, sd: number): number {
  return logStandardNormalDensity((value - mean) / sd) - log(sd);
}

/** Φ(z), the probability that a standard normal number is below z; relative error under 1e-14 in both tails. */
export function normalProbability(z: number): number {
  if (z > 0) return 1 - normalProbability(-z);
  return 0.5 * erfcx(-z * Math.SQRT1_2) * exp(-0.5 * z * z);
}

/** ln Φ(z), finite for every finite z. */
export function logNormalProbability(z: number): number {
  if (z > 0) return log1p(-normalProbability(-z));
  return log(0.5 * erfcx(-z * Math.SQRT1_2)) - 0.5 * z * z;
}

/**
 * The z with Φ(z) = probability.
 *
 * Starts from the rational approximation 26.2.23 of Abramowitz and Stegun (error below 4.5e-4) and takes
 * Newton's steps on ln Φ, which is concave, so that they converge in the far tail too.
 *
 * @param probability - 0 … 1
 * @returns -∞ at 0, ∞ at 1
 */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability <= 0) return probability === 0 ? -Infinity : Number.NaN;
  const t = Math.sqrt(-2 * log(probability));
  let z =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  const target = log(probability);
  for (let step = 0; step < 3; step++) {
    const logProbability = logNormalProbability(z);
    z -= (logProbability - target) * exp(logProbability + 0.5 * z * z + LOG_SQRT_2PI);
  }
  return z;
}
