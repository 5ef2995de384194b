import { exp } from "../../../numerics/index.ts";
import { freeParameters } from "../../space/place-setting.ts";
import type { Problem } from "../task/problem.ts";

/** How a confidence bound turns from exploring to exploiting. */
interface Schedule {
  /** Standard deviations in the end. */
  readonly last: number;
  /** How many more at first. */
  readonly more: number;
  /** Experiments a parameter in which the excess falls to a third. */
  readonly patience: number;
}

/** In a space nothing is used up, and an optimum that was missed stays missed: bold at first, and never greedy. */
const IN_A_SPACE: Schedule = { last: 1, more: 2, patience: 5 };
/** A row of a list can be tried once, so that each good one is a gain by itself: soon greedy. */
const ON_A_LIST: Schedule = { last: 0.25, more: 1.75, patience: 2.5 };

/**
 * Standard deviations in the confidence bound of a decision. The constants are those that found most on the synthetic
 * functions and the real tables of bench/decisions; see docs/decisions/0008.
 *
 * @param experiments - that have ended
 */
export function boldnessOf({ space, candidates }: Problem, experiments: number): number {
  const { last, more, patience } = candidates === undefined ? IN_A_SPACE : ON_A_LIST;
  const parameters = Math.max(1, freeParameters(space).length);
  return last + more * exp(-experiments / (patience * parameters));
}
