import type { FeatureMap } from "../../../hypothesis/features.ts";
import type { Observation } from "../../../hypothesis/observation.ts";
import { ensemblePredictor } from "../../../hypothesis/surrogate/ensemble.ts";
import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { type TrainingData } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { leaveOneOut } from "../../../hypothesis/surrogate/leave-one-out.ts";
import { type WarpOf, warpsOf } from "../../../hypothesis/surrogate/output-transforms.ts";
import type { OutputWarp } from "../../../hypothesis/surrogate/output-warp.ts";
import { trainingDataOf } from "../../../hypothesis/surrogate/training-data.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import { lossOf } from "../task/loss.ts";
import { keepsLimits, numbersOf, type OutcomeLimit } from "../task/outcome-limit.ts";
import type { Objective } from "../task/problem.ts";
import type { ChoiceTask } from "./choice-task.ts";
import { onOneScale, type WarpedScores } from "./earlier-data.ts";
import { fitScores } from "./fit-scores.ts";
import { surrogateOf } from "./fits.ts";
import { type Expectation, membersWithPending } from "./predictive.ts";
import type { Approximation, ScoreFit } from "./score-fit.ts";

/** What the surrogate makes of one objective: processes over its score (larger is better) on a warped scale. */
export interface ScoreModel {
  /** At least one; weights sum to 1. */
  readonly members: readonly FittedProcess[];
  readonly warp: OutputWarp;
  /** The observation that is expected to be best, and its expected score on the warped scale; absent while none keeps the limits. */
  readonly best?: { readonly observation: Observation; readonly score: number };
  /** Least warped score of the data, those of the first earlier campaign while there are no others. */
  readonly worst: number;
  /** Observations that the others hold for impossible, the worst first. */
  readonly outliers: readonly Observation[];
  /** Where there are too many data to look at all of them. */
  readonly approximation?: Approximation;
  /** Probability that earlier campaigns tell of this one; absent where there are none. */
  readonly earlierShare?: number;
}

/**
 * Fits the surrogate to the scores of an objective; fits are kept in the task, since they hold for the whole decision.
 *
 * @param warpOf - a named function that maps the scores onto the scale of the processes; that of the surrogate where
 *   absent
 * @returns undefined when nothing is measured, in this campaign or an earlier one
 */
export function scoreModelOf(
  task: ChoiceTask,
  objective: Objective,
  warpOf?: WarpOf,
): ScoreModel | undefined {
  const map = spaceFeatures(task.problem.space);
  const now = scoresOf(map, task.data, objective);
  const before = (task.problem.earlier ?? [])
    .map((observations) => scoresOf(map, observations, objective).scores)
    .filter(({ count }) => count > 0);
  const fits = warpsFor(task, warpOf).flatMap((each): WarpedFit[] => {
    const scaled = onOneScale(now.scores, before, each);
    const name = `score of ${objective.measurement} by ${each.name}`;
    const fit = task.learned.scores.get(name) ?? fitScores(task, name, map, scaled);
    if (fit === undefined) return [];
    task.learned.scores.set(name, fit);
    return [{ ...scaled, fit }];
  });
  const chosen = mostTelling(fits);
  if (chosen === undefined) return undefined;
  const { current, earlier, warp, fit } = chosen;
  const top = bestWithin(task.problem.limits ?? [], now.measured, fit.means);
  const observation = now.measured[top];
  const judged = current.count > 0 ? current : (earlier[0] ?? current);
  return {
    members: membersWithPending(fit.members, map, task.pending),
    warp,
    ...(observation && { best: { observation, score: fit.means[top] as number } }),
    worst: Math.min(...judged.values),
    outliers: fit.outliers.map(({ row }) => now.measured[row] as Observation),
    ...(fit.approximation && { approximation: fit.approximation }),
    ...(fit.earlierShare !== undefined && { earlierShare: fit.earlierShare }),
  };
}

function warpsFor({ problem }: ChoiceTask, warpOf: WarpOf | undefined): readonly WarpOf[] {
  return warpOf === undefined ? warpsOf(surrogateOf(problem)?.outputTransform) : [warpOf];
}

/** Scores on a scale, with what the surrogate makes of them. */
interface WarpedFit extends WarpedScores {
  readonly fit: ScoreFit;
}

/** The fit that predicts values from all others best, by the distance on the scale of the scores. */
function mostTelling(fits: readonly WarpedFit[]): WarpedFit | undefined {
  if (fits.length < 2) return fits[0];
  const misses = fits.map(({ fit, warp }) => {
    const { process } = fit.members[0] as FittedProcess;
    const { values, count } = process.data;
    const { means } = leaveOneOut(process);
    const miss = (value: number, i: number): number =>
      Math.abs(warp.unwarp(means[i] as number) - warp.unwarp(value));
    return values.reduce((sum, value, i) => sum + miss(value, i), 0) / count;
  });
  return fits[misses.indexOf(Math.min(...misses))];
}

/** The observation of the highest score among those that keep the limits; -1 where none does. */
function bestWithin(
  limits: readonly OutcomeLimit[],
  observations: readonly Observation[],
  scores: Float64Array,
): number {
  let top = -1;
  for (const [i, { outcome }] of observations.entries()) {
    if (!keepsLimits(limits, numbersOf(outcome))) continue;
    if (top < 0 || (scores[i] as number) > (scores[top] as number)) top = i;
  }
  return top;
}

interface Scores {
  /** Observations with a value of the objective. */
  readonly measured: readonly Observation[];
  /** One score for each of `measured`, with its variance. */
  readonly scores: TrainingData;
}

function scoresOf(
  map: FeatureMap,
  observations: readonly Observation[],
  { measurement, direction }: Objective,
): Scores {
  const measured = observations.filter(
    ({ outcome }) => outcome.kind === "measured" && Number.isFinite(outcome.values[measurement]?.value),
  );
  const raw = trainingDataOf(map, measured, measurement);
  return { measured, scores: { ...raw, values: raw.values.map((value) => -lossOf(direction, value)) } };
}

/** The value of the measurement that a warped score stands for, in its unit; for a target its score. */
export function measurementAt(
  { warp }: Pick<ScoreModel, "warp">,
  { direction }: Objective,
  score: number,
): number {
  return (direction.kind === "minimise" ? -1 : 1) * warp.unwarp(score);
}

/** What the model expects of the measurement itself, in its unit. */
export function expectationOf(model: ScoreModel, objective: Objective, features: Float64Array): Expectation {
  const { mean, sd } = ensemblePredictor(model.members)(features);
  const { unwarp } = model.warp;
  return {
    mean: measurementAt(model, objective, mean),
    sd: (unwarp(mean + sd) - unwarp(mean - sd)) / 2,
  };
}
