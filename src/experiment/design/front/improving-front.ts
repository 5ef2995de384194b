import { randomStream } from "../../../base/random.ts";
import { encodeAll } from "../../../hypothesis/features.ts";
import type { Outcome } from "../../../hypothesis/observation.ts";
import { clippedWarp } from "../../../hypothesis/surrogate/clipped-warp.ts";
import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { hypervolume, undominated } from "../../../numerics/index.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { Valuation } from "../acquisition/valuation.ts";
import type { ChoiceTask } from "../model/choice-task.ts";
import { expectationOf, type ScoreModel, scoreModelOf } from "../model/score-model.ts";
import { lossOf } from "../task/loss.ts";
import { keepsLimits, numbersOf } from "../task/outcome-limit.ts";
import type { Objective } from "../task/problem.ts";
import { frontImprovement } from "./front-improvement.ts";
import { sampledFronts } from "./sampled-front.ts";

/** Objectives whose hypervolume is looked at; the boxes of more would be too many. */
export const MOST_FOR_HYPERVOLUME = 4;

/** Samples of the front. */
const SAMPLES = 16;

/** How far below the worst of the front its hypervolume begins, as a share of its extent (BoTorch's rule). */
const MARGIN = 0.1;

/**
 * Values settings by how far they push the front of several objectives, each with a surrogate of its own.
 *
 * The most probable tuning of each stands for it: several together gained nothing on the problems of bench/decisions.
 *
 * @returns undefined while no experiment has measured all objectives and kept the limits
 */
export function improvingFront(
  task: ChoiceTask,
  objectives: readonly Objective[],
): Pick<Valuation, "acquisition" | "expected" | "hypervolume"> | undefined {
  const models = objectives.map((objective) => scoreModelOf(task, objective, clippedWarp));
  const known = models.filter((model): model is ScoreModel => model !== undefined);
  const tried = task.data.filter(({ outcome }) => isComplete(outcome, objectives));
  const allowed = tried.filter(({ outcome }) => keepsLimits(task.problem.limits ?? [], numbersOf(outcome)));
  if (known.length < objectives.length || allowed.length === 0) return undefined;
  const map = spaceFeatures(task.problem.space);
  const points = encodeAll(map, [...allowed.map(({ setting }) => setting), ...task.pending]);
  const processes = known.map(({ members: [likeliest] }) => (likeliest as FittedProcess).process);
  const random = randomStream(task.problem.seed, task.decision, "fronts");
  const sampled = sampledFronts(processes, points, { samples: SAMPLES, random });
  const scores = allowed.map((_, i) => Float64Array.from(sampled.means, (own) => own[i] as number));
  const reference = referenceOf(scores, objectives);
  return {
    acquisition: frontImprovement(sampled, reference),
    hypervolume: hypervolume(scores, reference),
    expected: (features) =>
      Object.fromEntries(
        objectives.map((objective, m) => [
          objective.measurement,
          expectationOf(known[m] as ScoreModel, objective, features),
        ]),
      ),
  };
}

function isComplete(outcome: Outcome, objectives: readonly Objective[]): boolean {
  const numbers = numbersOf(outcome);
  return objectives.every(({ measurement }) => Number.isFinite(numbers[measurement]));
}

/** A tenth of the front's extent below its worst; where it has none, of that of all scores. What is given holds. */
function referenceOf(scores: readonly Float64Array[], objectives: readonly Objective[]): number[] {
  const front = undominated(scores).map((index) => scores[index] as Float64Array);
  return objectives.map(({ direction, reference }, m) => {
    if (reference !== undefined) return -lossOf(direction, reference);
    const own = front.map((each) => each[m] as number);
    const all = scores.map((each) => each[m] as number);
    const nadir = Math.min(...own);
    const extent = Math.max(...own) - nadir || Math.max(...all) - Math.min(...all) || 1;
    return nadir - MARGIN * extent;
  });
}
