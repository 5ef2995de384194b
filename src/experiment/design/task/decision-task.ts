import type { Belief } from "../../../hypothesis/belief.ts";
import type { Observation } from "../../../hypothesis/observation.ts";
import type { Setting } from "../../../hypothesis/parameter.ts";
import type { Problem } from "./problem.ts";

/** What a decision is made from; plain data, so that a worker thread can make it. */
export interface DecisionTask {
  readonly problem: Problem;
  /** Ended experiments, in the order in which they ended. */
  readonly data: readonly Observation[];
  /** What is believed after `data`. */
  readonly belief: Belief;
  /** Settings of experiments that have begun and not ended. */
  readonly pending: readonly Setting[];
  /** How many suggestions are wanted, at least 1. */
  readonly count: number;
  /** Number of the first of these suggestions in the campaign, from 0; keys the random numbers. */
  readonly decision: number;
}
