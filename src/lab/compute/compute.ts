import type { DecisionTask } from "../../experiment/design/task/decision-task.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import type { Suggestion } from "../../experiment/design/task/suggestion.ts";
import type { BeliefTask, BeliefUpdate } from "../../update/bayes/update-belief.ts";

/** A decision that is to be made; plain data. */
export interface DecideTask extends DecisionTask {
  readonly kind: "decide";
}

/** What an update is made from; plain data. */
export interface UpdateTask extends BeliefTask {
  readonly kind: "update";
  readonly problem: Problem;
}

/** Heavy arithmetic as pure functions of plain data, done where it doesn't hold up supervision. */
export interface Compute {
  decide(task: DecideTask): Promise<readonly Suggestion[]>;
  update(task: UpdateTask): Promise<BeliefUpdate>;
  close(): Promise<void>;
}
