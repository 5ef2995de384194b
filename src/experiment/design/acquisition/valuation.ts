import type { Expectation } from "../model/predictive.ts";
import type { Approximation } from "../model/score-fit.ts";
import type { Reasons } from "../task/suggestion.ts";
import type { Acquisition } from "./acquisition.ts";

/** How settings are valued in one choice, with what the reasons tell of it. */
export interface Valuation {
  readonly acquisition: Acquisition;
  readonly incumbent?: NonNullable<Reasons["incumbent"]>;
  readonly scalarisation?: Readonly<Record<string, number>>;
  /** Experiments whose results the others hold for impossible, the worst first. */
  readonly outliers?: readonly number[];
  readonly approximation?: Approximation;
  /** Hypervolume of the front so far, where it is what settings are to add to. */
  readonly hypervolume?: number;
  /** What the model behind the acquisition expects of its measurement, where there is no other model of it. */
  readonly expected?: (features: Float64Array) => Readonly<Record<string, Expectation>>;
}
