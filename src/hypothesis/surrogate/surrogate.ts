import type { KernelFactor, Shape } from "./covariance/kernel.ts";

/** A factor of a kernel as a person names it. */
export interface NamedFactor extends Pick<KernelFactor, "kind"> {
  /** Parameters that it looks at; all where absent. */
  readonly parameters?: readonly string[];
}

/** Scales on which scores can be modelled. */
export type OutputTransform = "half rank" | "none" | "rank" | "power" | "evidence";

/**
 * A Gaussian process that stands for "none of the laws": it predicts every measurement from settings
 * without a formula.
 */
export interface Surrogate {
  readonly kind: "surrogate";
  readonly name: string;
  /** Prior weight as a share of 1 among all hypotheses; 0.05 beside laws and 1 without them where absent. */
  readonly weight?: number;
  /** A shape over all parameters, or a sum of products; the usual ones compete where absent. */
  readonly kernel?: Shape | readonly (readonly NamedFactor[])[];
  /** Whether the scale of every number is learned too. */
  readonly inputWarping?: boolean;
  /** Scale on which the score of a single objective is modelled; "half rank" where absent. */
  readonly outputTransform?: OutputTransform;
  /** What becomes of values that all others hold for impossible; "damped" where absent. */
  readonly outliers?: "damped" | "kept";
}
