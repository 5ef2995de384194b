import { logOneMinusExp } from "./expected-improvement.ts";
import { logNormalProbability } from "./normal-distribution.ts";

/**
 * ln [Φ(b) - Φ(a)], the probability that a standard normal number lies between two limits, without cancellation in
 * either tail.
 *
 * @param a - lower limit, may be -∞
 * @param b - upper limit, above a, may be ∞
 */
export function logNormalInterval(a: number, b: number): number {
  if (!(b > a)) return -Infinity;
  if (b === Infinity) return a === -Infinity ? 0 : logNormalProbability(-a);
  if (a === -Infinity) return logNormalProbability(b);
  if (a > 0) return logNormalInterval(-b, -a);
  const upper = logNormalProbability(b);
  return upper + logOneMinusExp(logNormalProbability(a) - upper);
}
