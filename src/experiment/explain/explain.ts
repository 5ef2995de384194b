import { type Random, randomStream } from "../../base/random.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import { predictorOf } from "../../hypothesis/surrogate/prediction.ts";
import { type ChoiceTask, nothingLearned } from "../design/model/choice-task.ts";
import { measurementAt, type ScoreModel, scoreModelOf } from "../design/model/score-model.ts";
import type { DecisionTask } from "../design/task/decision-task.ts";
import { type Objective, objectivesOf } from "../design/task/problem.ts";
import { spaceFeatures } from "../space/space-features.ts";
import { predictionBy } from "./average-prediction.ts";
import { dependenceOf } from "./dependence.ts";
import type { Best, Explanation } from "./explanation.ts";
import { importanceOf } from "./importance.ts";
import { outlookOf } from "./outlook.ts";
import { trustIn } from "./trust.ts";
import { verdictOf } from "./verdict.ts";

/** What an explanation may be asked for besides. */
export interface ExplanationOptions {
  /** Distance from the optimum that is near enough, in the measurement's unit; 1 % of the range of results by default. */
  readonly tolerance?: number;
  readonly hoursAnExperiment?: number;
}

type ExplanationTask = Omit<DecisionTask, "count" | "pending"> & { readonly options: ExplanationOptions };

/**
 * Explains the surrogate of each measurement that is to be optimised: how far it can be trusted, what matters, and
 * what there is left to gain. The same task gives the same explanation on every machine.
 *
 * @returns one entry for each objective; of the first measurement where the goal is another
 */
export function explain(task: ExplanationTask): Explanation[] {
  return objectivesOf(task.problem.goal).map((objective) => explained(task, objective));
}

function explained(task: ExplanationTask, objective: Objective): Explanation {
  const { problem, decision, options } = task;
  const choice: ChoiceTask = { ...task, pending: [], learned: nothingLearned() };
  const { measurement, direction } = objective;
  const model = scoreModelOf(choice, objective);
  const observations = task.data.filter((each) => valueOf(each, measurement) !== undefined);
  if (model === undefined)
    return {
      measurement,
      observations: 0,
      verdict: "nothing has been measured yet",
      importance: [],
      dependence: [],
      outliers: [],
    };
  const random = (purpose: string): Random =>
    randomStream(problem.seed, decision, `${purpose} of ${measurement}`);
  const predicted = predictionBy(model, problem.space);
  const importance = importanceOf(problem.space, (setting) => predicted(setting).mean, random("importance"));
  const trust = trustIn(model.members);
  const outlook =
    direction.kind === "target"
      ? undefined
      : outlookOf({
          space: problem.space,
          ...(problem.candidates && { candidates: problem.candidates }),
          model,
          tolerance: options.tolerance ?? 0.01 * rangeOf(observations, measurement),
          inUnit: (value) => model.warp.unwarp(value),
          ...(options.hoursAnExperiment !== undefined && { hoursAnExperiment: options.hoursAnExperiment }),
          random: random("outlook"),
        });
  const best = bestOf(model, task, objective);
  return {
    measurement,
    observations: observations.length,
    verdict: verdictOf(observations.length, trust, importance, outlook),
    ...(trust && { trust }),
    ...(best && { best }),
    ...(outlook && { outlook }),
    importance,
    dependence: dependenceOf(
      problem.space,
      predicted,
      (value) => measurementAt(model, objective, value),
      random("dependence"),
    ),
    outliers: model.outliers.map(({ experiment }) => experiment),
  };
}

function bestOf(model: ScoreModel, { problem }: ExplanationTask, objective: Objective): Best | undefined {
  const [first] = model.members;
  if (model.best === undefined || first === undefined) return undefined;
  const { experiment, setting } = model.best.observation;
  const map = spaceFeatures(problem.space);
  const features = new Float64Array(map.dimension);
  map.encode(setting, features, 0);
  const sd = Math.sqrt(predictorOf(first.process)(features).variance);
  const { score } = model.best;
  const { unwarp } = model.warp;
  return {
    experiment,
    setting,
    mean: measurementAt(model, objective, score),
    sd: (unwarp(score + sd) - unwarp(score - sd)) / 2,
  };
}

function valueOf({ outcome }: Observation, measurement: string): number | undefined {
  return outcome.kind === "measured" ? outcome.values[measurement]?.value : undefined;
}

function rangeOf(observations: readonly Observation[], measurement: string): number {
  let least = Infinity;
  let most = -Infinity;
  for (const each of observations) {
    const value = valueOf(each, measurement) ?? Number.NaN;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most > least ? most - least : 0;
}
