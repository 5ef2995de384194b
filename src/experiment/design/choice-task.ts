import type { Belief } from "../../hypothesis/belief.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { FittedProcess } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import type { Viability } from "../../hypothesis/surrogate/viability.ts";
import type { Problem } from "./problem.ts";
import type { ScoreFit } from "./score-fit.ts";

/** What one choice is made from. */
export interface ChoiceTask {
  readonly problem: Problem;
  readonly data: readonly Observation[];
  readonly belief: Belief;
  readonly pending: readonly Setting[];
  /** Number of the choice, for its random numbers. */
  readonly decision: number;
  /** Fits to the data that this decision has made so far, by what they are of. */
  readonly fits: Map<string, readonly FittedProcess[]>;
  /** Where experiments fail, and the surrogates of scores, once they have been learned in this decision. */
  readonly learned: { viability?: Viability; scores?: Map<string, ScoreFit> };
}
