import type { Setting } from "../../hypothesis/parameter.ts";

/** Mean and standard deviation of a prediction, in the measurement's unit. */
export interface PredictedValue {
  readonly mean: number;
  readonly sd: number;
}

/** How a setting was chosen. */
export type SuggestionMethod =
  | "sobol start"
  | "random start"
  | "random"
  | "log expected improvement"
  | "upper confidence bound"
  | "upper confidence bound of a random scalarisation"
  | "probability of a result"
  | "mutual information between hypotheses"
  | "largest variance";

/** Why a setting is suggested, in numbers. */
export interface Reasons {
  readonly method: SuggestionMethod;
  /** Predictions by measurement, all hypotheses together; empty before the first data. */
  readonly predicted: Readonly<Record<string, PredictedValue>>;
  readonly perHypothesis: readonly {
    readonly name: string;
    readonly measurement: string;
    readonly weight: number;
    readonly mean: number;
    readonly sd: number;
  }[];
  /** Probability that the experiment gives a result at all; absent while none has failed. */
  readonly viability?: number;
  /** Value of the acquisition function that `method` names; absent where nothing was computed. */
  readonly acquisition?: number;
  /** The best setting so far and what it is believed to give. */
  readonly incumbent?: { readonly experiment: number; readonly setting: Setting; readonly value: number };
  /** The nearest observed setting; distance in the unit cube of the space. */
  readonly nearest?: { readonly experiment: number; readonly distance: number };
  /** The best of the other settings that were looked at. */
  readonly runnerUp?: { readonly setting: Setting; readonly acquisition: number };
  /** Weights of the objectives in this decision, where there are several. */
  readonly scalarisation?: Readonly<Record<string, number>>;
}

/** A setting to try next, and why. */
export interface Suggestion {
  readonly setting: Setting;
  readonly reasons: Reasons;
}
