import type { Setting } from "../../hypothesis/parameter.ts";
import type { SuggestionMethod } from "./suggestion.ts";

/** How much a setting is worth trying; larger is better. */
export interface Acquisition {
  readonly method: SuggestionMethod;
  /** NaN and -∞ say that a setting is worth nothing. */
  value(setting: Setting, features: Float64Array): number;
  /** Where it is analytic: the value, with its derivative by the features written into `gradient`. */
  readonly derive?: (features: Float64Array, gradient: Float64Array) => number;
}
