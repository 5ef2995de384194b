import type { Setting } from "../../../hypothesis/parameter.ts";

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
  | "log noisy expected hypervolume improvement"
  | "upper confidence bound of a random scalarisation"
  | "probability of a result"
  | "probability of keeping the limits"
  | "thompson sample"
  | "knowledge gradient"
  | "straddle of a boundary"
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
  /** Experiments whose results the others hold for impossible, the worst first; absent where there are none. */
  readonly outliers?: readonly number[];
  /** Where the surrogate looks at some of very many data: how many, and its error at others as a share of their spread. */
  readonly approximation?: { readonly used: number; readonly of: number; readonly error: number };
  /** The nearest observed setting; distance in the unit cube of the space. */
  readonly nearest?: { readonly experiment: number; readonly distance: number };
  /** The best of the other settings that were looked at. */
  readonly runnerUp?: { readonly setting: Setting; readonly acquisition: number };
  /** Volume between the front so far and its reference point, in scores as the models see them; with several objectives. */
  readonly hypervolume?: number;
  /** Weights of the objectives in this decision, where there are several. */
  readonly scalarisation?: Readonly<Record<string, number>>;
}

/** A setting to try next, and why. */
export interface Suggestion {
  readonly setting: Setting;
  readonly reasons: Reasons;
}
