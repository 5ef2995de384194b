import type { Expression } from "../../base/expression/expression.ts";

/** What is known of a law's parameter before the first measurement; numbers in the parameter's unit. */
export type Prior =
  | { readonly kind: "normal"; readonly mean: number; readonly sd: number }
  /** ln θ ~ N(ln median, sigma²). */
  | { readonly kind: "lognormal"; readonly median: number; readonly sigma: number }
  | { readonly kind: "uniform"; readonly minimum: number; readonly maximum: number };

/** An unknown constant of a law. */
export interface LawParameter {
  readonly name: string;
  readonly unit: string;
  readonly prior: Prior;
}

/** A formula with unknown parameters, as a campaign file states it. */
export interface Law {
  readonly kind: "law";
  readonly name: string;
  /** Name of the measurement that it predicts. */
  readonly predicts: string;
  /** Over names of settings and of the law's parameters, all in coherent SI. */
  readonly expression: Expression;
  readonly parameters: readonly LawParameter[];
  /** Standard deviation of one measurement under this law, in the measurement's unit. */
  readonly noise?: { readonly value: number };
  /** Prior weight relative to the other laws, above 0. */
  readonly weight: number;
}
