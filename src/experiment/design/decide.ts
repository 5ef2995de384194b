import { randomStream } from "../../base/random.ts";
import type { Belief } from "../../hypothesis/belief.ts";
import { featureMap } from "../../hypothesis/features.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { sampleFeasible } from "../space/sample-feasible.ts";
import { settingKey } from "../space/setting-key.ts";
import type { ChoiceTask } from "./choice-task.ts";
import { maximiseAcquisition } from "./maximise-acquisition.ts";
import type { Problem } from "./problem.ts";
import { propose, type Source } from "./propose.ts";
import type { Suggestion } from "./suggestion.ts";

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

/**
 * Decides what to try next, one suggestion after the other, each as if those before it were under way.
 * The same task gives the same suggestions on every machine.
 *
 * @returns `count` suggestions of different settings, none of them tried or under way; fewer when the space has no more
 */
export function decide(task: DecisionTask): Suggestion[] {
  const suggestions: Suggestion[] = [];
  const shared = { fits: new Map(), learned: {} };
  for (let k = 0; k < task.count; k++) {
    const pending = [...task.pending, ...suggestions.map(({ setting }) => setting)];
    const choice: ChoiceTask = { ...task, ...shared, pending, decision: task.decision + k };
    const suggestion = propose(choice, sourceIn(choice, settledKeys(choice)));
    if (suggestion === undefined) break;
    suggestions.push(suggestion);
  }
  return suggestions;
}

/** What has been tried is not tried again. */
function settledKeys({ data, pending }: ChoiceTask): Set<string> {
  return new Set([...pending, ...data.map(({ setting }) => setting)].map(settingKey));
}

/** A few candidates more than needed, since some may have been tried already. */
const SPARE = 8;

function sourceIn({ problem }: ChoiceTask, excluded: ReadonlySet<string>): Source {
  const { space, seed } = problem;
  const unused = (settings: readonly Setting[]): Setting | undefined =>
    settings.find((setting) => !excluded.has(settingKey(setting)));
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
        map: featureMap(space.parameters),
        acquisition,
        excluded,
        around,
        random,
      }),
  };
}
