import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import type { Viability } from "../../../hypothesis/surrogate/viability.ts";
import type { DecisionTask } from "../task/decision-task.ts";
import type { ScoreFit } from "./score-fit.ts";

/** What a decision has learned from its data so far, which holds for all of its choices. */
export interface Learned {
  /** Fits to measurements, by name. */
  readonly fits: Map<string, readonly FittedProcess[]>;
  /** Surrogates of scores, by objective and scale. */
  readonly scores: Map<string, ScoreFit>;
  /** Where experiments fail. */
  viability?: Viability;
}

/** What one choice is made from; `decision` is its number, for its random numbers. */
export interface ChoiceTask extends Omit<DecisionTask, "count"> {
  readonly learned: Learned;
}

/** The memory of a decision that begins. */
export function nothingLearned(): Learned {
  return { fits: new Map(), scores: new Map() };
}
