import { exp, log } from "../../../numerics/index.ts";

/** A rising map of one feature from 0 … 1 onto itself, w(x) = 1 - (1 - xᵃ)ᵇ. */
export interface FeatureWarp {
  readonly feature: number;
  readonly lnA: number;
  readonly lnB: number;
}

/** A warped feature and how it moves with what it is made of. */
export interface Warped {
  readonly value: number;
  readonly byX: number;
  readonly byLnA: number;
  readonly byLnB: number;
}

/** Warps a feature of all rows; `into` receives them, and may hold the others already. */
export function warpRows(
  into: Float64Array,
  warps: readonly FeatureWarp[],
  {
    count,
    dimension,
    inputs,
  }: { readonly count: number; readonly dimension: number; readonly inputs: Float64Array },
): void {
  for (const warp of warps) {
    for (let at = warp.feature; at < count * dimension; at += dimension)
      into[at] = warpedFeature(warp, inputs[at] as number).value;
  }
}

/** The ends have infinite slopes for small a and b. */
const END = 1e-6;

/**
 * Kumaraswamy's distribution function at a feature, by which a function that changes faster near one end of a parameter
 * becomes one that changes evenly.
 * Source: Snoek et al., Input warping for Bayesian optimization of non-stationary functions (ICML 2014), with the closed
 * form of Kumaraswamy (1980) in place of the beta distribution, as is usual.
 */
export function warpedFeature({ lnA, lnB }: Omit<FeatureWarp, "feature">, feature: number): Warped {
  const x = Math.min(1 - END, Math.max(END, feature));
  const [a, b] = [exp(lnA), exp(lnB)];
  const lnX = log(x);
  const power = exp(a * lnX);
  const lnRest = log(1 - power);
  const rest = exp(b * lnRest);
  // d(1 - xᵃ)ᵇ/dxᵃ = -b (1 - xᵃ)ᵇ / (1 - xᵃ)
  const byPower = (b * rest) / (1 - power);
  return {
    value: 1 - rest,
    byX: feature === x ? (byPower * a * power) / x : 0,
    byLnA: byPower * power * lnX * a,
    byLnB: -rest * lnRest * b,
  };
}
