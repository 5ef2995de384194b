import type { Problem } from "../experiment/design/task/problem.ts";
import type { BeliefUpdate } from "../update/bayes/update-belief.ts";
import type { Compute } from "./compute/compute.ts";
import type { Progress } from "./progress.ts";

/**
 * The belief with an experiment's measurement, and before it the withheld one that it confirms.
 *
 * @returns undefined when the experiment has no measurement to learn from
 */
export async function learnFrom(
  compute: Pick<Compute, "update">,
  problem: Problem,
  { belief, observed, confirmed = {} }: Progress,
  experiment: number,
): Promise<BeliefUpdate | undefined> {
  const [earlier, observation] = [confirmed[experiment], observed[experiment]];
  if (observation === undefined) return undefined;
  const before =
    earlier === undefined
      ? belief
      : (await compute.update({ kind: "update", problem, belief, observation: earlier })).belief;
  return compute.update({ kind: "update", problem, belief: before, observation });
}
