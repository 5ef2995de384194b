import type { Setting } from "../../../hypothesis/parameter.ts";
import type { SuggestionMethod } from "../task/suggestion.ts";

/** A row of many candidates with its acquisition value. */
export interface RankedRow {
  readonly row: number;
  readonly value: number;
}

/** Many candidates. */
export interface Points {
  readonly count: number;
  readonly dimension: number;
  /** Row after row; shape (count × dimension). */
  readonly features: Float64Array;
}

/** Many candidates, with their settings. */
export interface ListedPoints extends Points {
  settingOf(row: number): Setting;
}

/** What becomes of the worth of a candidate; must not fall when the worth grows. */
export type Adjustment = (value: number, row: number) => number;

/** How much a setting is worth trying; larger is better. */
export interface Acquisition {
  readonly method: SuggestionMethod;
  /** The value that stands for nothing gained; absent where values are logarithms of a gain. */
  readonly floor?: number;
  /** NaN and -∞ say that a setting is worth nothing. */
  value(setting: Setting, features: Float64Array): number;
  /** Where it is analytic: the value, with its derivative by the features written into `gradient`. */
  readonly derive?: (features: Float64Array, gradient: Float64Array) => number;
  /**
   * Where it can be had without valuing every row: the rows with the largest values, the best first.
   *
   * @param most - how many are wanted, at least 1
   * @param adjust - changes what each is worth
   */
  readonly best?: (points: ListedPoints, most: number, adjust?: Adjustment) => RankedRow[];
}
