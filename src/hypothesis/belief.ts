import type { Observation } from "./observation.ts";

/** What is believed of one unknown constant. */
export interface ParameterBelief {
  readonly name: string;
  readonly unit: string;
  readonly mean: number;
  readonly sd: number;
}

/** How much one hypothesis is believed for one measurement. */
export interface HypothesisBelief {
  readonly name: string;
  readonly kind: "law" | "surrogate";
  /** Name of the measurement; weights of one measurement sum to 1. */
  readonly predicts: string;
  readonly weight: number;
  /** ln of the probability of all observations so far under the hypothesis; the same measurements count for all rivals. */
  readonly logEvidence: number;
  readonly parameters: readonly ParameterBelief[];
}

/** What inference needs to go on from here. */
export type HypothesisState =
  | {
      readonly kind: "particles";
      /** Coordinates per particle: the law's parameters, then ln σ where the noise is unknown. */
      readonly dimension: number;
      /** Standard-normal coordinates of the particles, row after row; shape (count × dimension). */
      readonly coordinates: readonly number[];
      /** Logarithms of normalised weights; shape (count). */
      readonly logWeights: readonly number[];
      /** Median of the prior of σ, in the measurement's unit; absent where the noise is known. */
      readonly noiseScale?: number;
    }
  | {
      readonly kind: "gaussian process";
      /** Logarithms of the kernel's parameters; absent before the first fit. */
      readonly logParameters?: readonly number[];
    };

/** Every hypothesis with its weight and the posterior of its parameters; plain data. */
export interface Belief {
  /** Small enough to store and show after every experiment. */
  readonly hypotheses: readonly HypothesisBelief[];
  /** One per entry of `hypotheses`; can be recomputed from the observations. */
  readonly states: readonly HypothesisState[];
  /** What the belief rests on, in the order of arrival. */
  readonly observations: readonly Observation[];
}
