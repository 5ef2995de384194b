import { inverseOf } from "../../numerics/index.ts";
import { type GaussianProcess } from "./gaussian-process.ts";

/** What the other data predict of each value, noise included; in the quantity's unit. */
export interface LeftOut {
  /** Shape (count). */
  readonly means: Float64Array;
  /** Shape (count). */
  readonly sds: Float64Array;
}

/**
 * Predicts every value from all others without fitting again:
 *     μᵢ = yᵢ - αᵢ / [K⁻¹]ᵢᵢ,   sᵢ² = 1 / [K⁻¹]ᵢᵢ
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equation 5.12.
 */
export function leaveOneOut(gp: GaussianProcess): LeftOut {
  const { data, factor, weights, scale } = gp;
  const inverse = inverseOf(factor);
  const precision = (i: number): number => inverse[i * data.count + i] as number;
  return {
    means: data.values.map((value, i) => value - (scale * (weights[i] as number)) / precision(i)),
    sds: data.values.map((_, i) => scale / Math.sqrt(precision(i))),
  };
}
