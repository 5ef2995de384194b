import { randomStream } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { sampleFeasible } from "../space/sample-feasible.ts";
import { keyIn } from "../space/setting-key.ts";
import { spaceFeatures } from "../space/space-features.ts";
import { type ChoiceTask, nothingLearned } from "./model/choice-task.ts";
import { propose, type Source } from "./propose.ts";
import { listedSettings } from "./search/listed-settings.ts";
import { maximiseAcquisition } from "./search/maximise-acquisition.ts";
import { suggestFromTable } from "./suggest-from-table.ts";
import type { DecisionTask } from "./task/decision-task.ts";
import type { Suggestion } from "./task/suggestion.ts";

/**
 * Decides what to try next, one suggestion after the other, each as if those before it were under way.
 * The same task gives the same suggestions on every machine.
 *
 * @returns `count` suggestions of different settings, none of them tried or under way; fewer when the space has no
 *   more. Where the problem has candidates: suggestions of different candidates, each of which is taken once
 */
export function decide(task: DecisionTask): Suggestion[] {
  if (task.problem.candidates !== undefined) return decideAmong(task, task.problem.candidates);
  const suggestions: Suggestion[] = [];
  const learned = nothingLearned();
  for (let k = 0; k < task.count; k++) {
    const pending = [...task.pending, ...suggestions.map(({ setting }) => setting)];
    const choice: ChoiceTask = { ...task, learned, pending, decision: task.decision + k };
    const suggestion = propose(choice, sourceIn(choice, settledKeys(choice)));
    if (suggestion === undefined) break;
    suggestions.push(suggestion);
  }
  return suggestions;
}

function decideAmong(task: DecisionTask, rows: readonly Setting[]): Suggestion[] {
  const begun = [...task.data.map(({ setting }) => setting), ...task.pending];
  const asked = listedSettings(rows, task.problem.space).rowsOf(begun);
  return suggestFromTable({ ...task, rows, asked }).map(({ setting, reasons }) => ({ setting, reasons }));
}

/** What has been tried is not tried again. */
function settledKeys({ problem, data, pending }: ChoiceTask): Set<string> {
  return new Set(
    [...pending, ...data.map(({ setting }) => setting)].map((setting) => keyIn(problem.space, setting)),
  );
}

/** A few candidates more than needed, since some may have been tried already. */
const SPARE = 8;

function sourceIn({ problem, data }: ChoiceTask, excluded: ReadonlySet<string>): Source {
  const { space, seed } = problem;
  const unused = (settings: readonly Setting[]): Setting | undefined =>
    settings.find((setting) => !excluded.has(keyIn(space, setting)));
  return {
    start: (index) => {
      const count = Math.max(problem.design.first.count, index + 1);
      const settings = sampleFeasible(
        space,
        count + excluded.size,
        randomStream(seed, 0, "space-filling start"),
      );
      return unused([...settings.slice(index), ...settings.slice(0, index)]);
    },
    any: (random) => unused(sampleFeasible(space, excluded.size + SPARE, random)),
    best: (acquisition, around, random) =>
      maximiseAcquisition({
        space,
        map: spaceFeatures(space),
        acquisition,
        excluded,
        around,
        experiments: data.length,
        random,
      }),
  };
}
