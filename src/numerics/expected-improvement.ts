import { exp, expm1, log, log1p } from "../base/elementary.ts";
import { erfcx } from "./erfcx.ts";
import { logNormalProbability, normalDensity, normalProbability } from "./normal-distribution.ts";

const HALF_LOG_2PI = 0.5 * log(2 * Math.PI);
const HALF_LOG_HALF_PI = 0.5 * log(Math.PI / 2);

/** Beyond it 1 - w rounds to u⁻², see {@link logImprovement}. */
const FAR = -1e5;

/**
 * ln h(u) with h(u) = φ(u) + u·Φ(u), the expected improvement of a standard normal number over -u, without
 * cancellation for any u.
 * Source: Ament et al., Unexpected improvements to expected improvement (NeurIPS 2023), equation 9.
 *
 * @param u - (predicted mean - best so far) / standard deviation
 */
export function logImprovement(u: number): number {
  if (u > -1) return log(normalDensity(u) + u * normalProbability(u));
  const logDensity = -0.5 * u * u - HALF_LOG_2PI;
  if (u <= FAR) return logDensity - 2 * log(-u);
  const w = HALF_LOG_HALF_PI + log(-u * erfcx(-u * Math.SQRT1_2));
  return logDensity + logOneMinusExp(w);
}

/** d ln h(u) / du = Φ(u) / h(u), positive. */
export function logImprovementSlope(u: number): number {
  return exp(logNormalProbability(u) - logImprovement(u));
}

/** ln(1 - eʷ) for w < 0; takes whichever form keeps its digits. */
export function logOneMinusExp(w: number): number {
  return w > -Math.LN2 ? log(-expm1(w)) : log1p(-exp(w));
}
