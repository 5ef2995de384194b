import { featureMap } from "../../hypothesis/features.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { FittedProcess } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import { predictorOf, type TrainingData } from "../../hypothesis/surrogate/gaussian-process.ts";
import { halfRankWarp, type OutputWarp } from "../../hypothesis/surrogate/output-warp.ts";
import { trainingDataOf } from "../../hypothesis/surrogate/training-data.ts";
import type { ChoiceTask } from "./choice-task.ts";
import { fitsOf } from "./fits.ts";
import { lossOf } from "./loss.ts";
import { type Expectation, withPending } from "./predictive.ts";
import type { Objective } from "./problem.ts";

/** What the surrogate makes of one objective: processes over its score (larger is better) on a warped scale. */
export interface ScoreModel {
  /** At least one; weights sum to 1. */
  readonly members: readonly FittedProcess[];
  readonly warp: OutputWarp;
  /** The observation that is expected to be best, and its expected score on the warped scale. */
  readonly best: { readonly observation: Observation; readonly score: number };
  /** Least warped score of the data. */
  readonly worst: number;
}

/**
 * Fits the surrogate to the scores of an objective; fits are kept in the task, since they hold for the whole decision.
 *
 * @returns undefined when nothing is measured
 */
export function scoreModelOf(
  task: ChoiceTask,
  { measurement, direction }: Objective,
): ScoreModel | undefined {
  const map = featureMap(task.problem.space.parameters);
  const measured = task.data.filter(
    ({ outcome }) => outcome.kind === "measured" && Number.isFinite(outcome.values[measurement]?.value),
  );
  const raw = trainingDataOf(map, measured, measurement);
  if (raw.count === 0) return undefined;
  const warp = halfRankWarp(raw.values.map((value) => -lossOf(direction, value)));
  const fitted = fitsOf(task, `score of ${measurement}`, map, {
    ...raw,
    values: warp.warped,
    variances: raw.variances.map((variance, i) => variance * warp.slopeAt(i) * warp.slopeAt(i)),
  });
  if (fitted.length === 0) return undefined;
  const scores = expectedScores(fitted, raw);
  let top = 0;
  for (const [i, score] of scores.entries()) if (score > (scores[top] as number)) top = i;
  return {
    members: fitted.map((each) => ({ ...each, process: withPending(each.process, map, task.pending) })),
    warp,
    best: { observation: measured[top] as Observation, score: scores[top] as number },
    worst: Math.min(...warp.warped),
  };
}

/** What is expected at the observed settings, noise taken out; on the warped scale. */
function expectedScores(
  members: readonly FittedProcess[],
  { count, inputs, dimension }: TrainingData,
): number[] {
  const predictors = members.map(({ process, weight }) => ({ predict: predictorOf(process), weight }));
  return Array.from({ length: count }, (_, i) =>
    predictors.reduce((sum, { predict, weight }) => sum + weight * predict(inputs, i * dimension).mean, 0),
  );
}

/** What the model expects of the measurement itself, in its unit. */
export function expectationOf(
  { members, warp }: ScoreModel,
  { direction }: Objective,
  features: Float64Array,
): Expectation {
  const sign = direction.kind === "minimise" ? -1 : 1;
  let mean = 0;
  let square = 0;
  for (const { process, weight } of members) {
    const each = predictorOf(process)(features);
    mean += weight * each.mean;
    square += weight * (each.variance + each.mean * each.mean);
  }
  const sd = Math.sqrt(Math.max(0, square - mean * mean));
  return { mean: sign * warp.unwarp(mean), sd: (warp.unwarp(mean + sd) - warp.unwarp(mean - sd)) / 2 };
}
