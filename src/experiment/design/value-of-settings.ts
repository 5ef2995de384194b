import { randomStream } from "../../base/random.ts";
import { spaceFeatures } from "../space/space-features.ts";
import { straddle } from "./acquisition/boundary.ts";
import { chosenAcquisition } from "./acquisition/chosen-acquisition.ts";
import { largestVariance } from "./acquisition/largest-variance.ts";
import { logExpectedImprovement } from "./acquisition/log-expected-improvement.ts";
import { discrimination } from "./acquisition/model-information.ts";
import type { Valuation } from "./acquisition/valuation.ts";
import { improvingFront, MOST_FOR_HYPERVOLUME } from "./front/improving-front.ts";
import { randomWeights, SCALARISED, scalarised } from "./front/scalarise.ts";
import { type ChoiceTask, nothingLearned } from "./model/choice-task.ts";
import { type Predictive, pooled, predictivesOf } from "./model/predictive.ts";
import { expectationOf, measurementAt, type ScoreModel, scoreModelOf } from "./model/score-model.ts";
import { lossOf } from "./task/loss.ts";
import { keepsLimits, numbersOf } from "./task/outcome-limit.ts";
import { type Goal, isScored, type Objective, type Problem } from "./task/problem.ts";
import { mostViable, whereViable } from "./weighing/viability-factor.ts";
import { weighed } from "./weighing/weighed.ts";

/**
 * How settings are valued in a choice: by the design's method, or by discrimination in its share of the choices.
 *
 * @returns undefined when the method is random, or there is nothing measured to go by
 */
export function valuationOf(task: ChoiceTask): Valuation | undefined {
  const { design } = task.problem;
  if (spentOnDiscrimination(design.discriminate ?? 0, task.decision)) {
    const valuation = weighed(task, () => discriminating(task, contested(task)));
    if (valuation !== undefined) return valuation;
  }
  return design.then === "random" ? undefined : weighed(task, () => byDesign(task));
}

function byDesign(task: ChoiceTask): Valuation | undefined {
  const { design, goal } = task.problem;
  if (design.then === "discriminate")
    return discriminating(task, contested(task)) ?? exploring(task, measurementOf(task.problem, goal));
  if (design.then === "explore") return exploring(task, measurementOf(task.problem, goal));
  switch (goal.kind) {
    case "optimise":
      return optimising(task, goal.objectives);
    case "discriminate":
      return discriminating(task, goal.measurement) ?? exploring(task, goal.measurement);
    case "boundary":
      return bounding(task, goal.measurement, goal.value);
    case "explore":
      return exploring(task, goal.measurement);
  }
}

/** Spreads the share evenly: with 0.25 it is every fourth choice. */
function spentOnDiscrimination(share: number, decision: number): boolean {
  return Math.floor((decision + 1) * share) > Math.floor(decision * share);
}

function measurementOf(problem: Problem, goal: Goal): string {
  if (goal.kind !== "optimise") return goal.measurement;
  return goal.objectives[0]?.measurement ?? (problem.measurements[0]?.name as string);
}

/** The measurement that laws compete for. */
function contested({ problem }: ChoiceTask): string {
  if (problem.goal.kind === "discriminate") return problem.goal.measurement;
  const law = problem.hypotheses.find((each) => each.kind === "law");
  return law?.predicts ?? measurementOf(problem, problem.goal);
}

function discriminating(task: ChoiceTask, measurement: string): Valuation | undefined {
  const predictives = predictivesOf(task, measurement);
  return predictives.length < 2 ? undefined : { acquisition: discrimination(predictives) };
}

function exploring(task: ChoiceTask, measurement: string): Valuation | undefined {
  const predictives = predictivesOf(task, measurement);
  return predictives.length === 0 ? undefined : { acquisition: largestVariance(predictives) };
}

/** What isn't known of the side of a boundary; a setting that is as far from it as any is worth nothing. */
function bounding(task: ChoiceTask, measurement: string, value: number): Valuation | undefined {
  const predictives = predictivesOf(task, measurement);
  if (predictives.length === 0) return undefined;
  const distances = task.data.flatMap(({ outcome }) => {
    const measured = numbersOf(outcome)[measurement];
    return measured === undefined ? [] : [Math.abs(measured - value)];
  });
  return { acquisition: straddle(predictives, value, -Math.max(0, ...distances)) };
}

function optimising(task: ChoiceTask, objectives: readonly Objective[]): Valuation | undefined {
  const [only] = objectives;
  if (objectives.length > MOST_FOR_HYPERVOLUME) return scalarising(task, objectives);
  if (objectives.length > 1) return pushing(task, objectives);
  if (only === undefined) return undefined;
  return isScored(task.problem, only) ? improvingScore(task, only) : improvingOnRivals(task, only);
}

/** With laws beside the surrogate, or a value to be hit: expected improvement under all hypotheses together. */
function improvingOnRivals(task: ChoiceTask, objective: Objective): Valuation | undefined {
  const predictives = predictivesOf(task, objective.measurement);
  if (predictives.length === 0) return undefined;
  const incumbent = incumbentOf(task, predictives, objective);
  if (incumbent === undefined) return undefined;
  const { direction } = objective;
  const best = direction.kind === "target" ? lossOf(direction, incumbent.value) : incumbent.value;
  return {
    acquisition: whereViable(task, logExpectedImprovement(predictives, direction, best)),
    incumbent,
  };
}

function improvingScore(task: ChoiceTask, objective: Objective): Valuation | undefined {
  const model = scoreModelOf(task, objective);
  if (model === undefined) return mostViable(task);
  return {
    ...boldlyBy(model, task, objective),
    outliers: model.outliers.map(({ experiment }) => experiment),
    ...(model.approximation && { approximation: model.approximation }),
    expected: (features) => ({
      [objective.measurement]: expectationOf(model, objective, features),
    }),
  };
}

/** The confidence bound of a score, less what is lost where experiments may fail. */
function boldlyBy(
  model: ScoreModel,
  task: ChoiceTask,
  objective: Objective,
): Pick<Valuation, "acquisition" | "incumbent"> {
  return {
    acquisition: whereViable(task, chosenAcquisition(task, model)),
    ...(model.best && {
      incumbent: {
        experiment: model.best.observation.experiment,
        setting: model.best.observation.setting,
        value: measurementAt(model, objective, model.best.score),
      },
    }),
  };
}

/** The measured setting that is expected to be best; its expectation, not its noisy measurement. */
function incumbentOf(
  { problem, data }: ChoiceTask,
  predictives: readonly Predictive[],
  { measurement, direction }: Objective,
): Valuation["incumbent"] {
  const map = spaceFeatures(problem.space);
  const features = new Float64Array(map.dimension);
  let best: NonNullable<Valuation["incumbent"]> | undefined;
  for (const { experiment, setting, outcome } of data) {
    if (outcome.kind !== "measured" || outcome.values[measurement] === undefined) continue;
    if (!keepsLimits(problem.limits ?? [], numbersOf(outcome))) continue;
    map.encode(setting, features, 0);
    const { mean } = pooled(
      predictives.map((each) => ({ ...each.expect(setting, features), weight: each.weight })),
    );
    if (best === undefined || lossOf(direction, mean) < lossOf(direction, best.value))
      best = { experiment, setting, value: mean };
  }
  return best;
}

/** A surrogate for each objective, and what a setting would add to the hypervolume of the front. */
function pushing(task: ChoiceTask, objectives: readonly Objective[]): Valuation | undefined {
  const valuation = improvingFront(task, objectives);
  if (valuation === undefined) return mostViable(task);
  return { ...valuation, acquisition: whereViable(task, valuation.acquisition) };
}

/** One Gaussian process over a loss with random weights, drawn anew for every choice (ParEGO). */
function scalarising(task: ChoiceTask, objectives: readonly Objective[]): Valuation | undefined {
  const { problem, decision } = task;
  const weights = randomWeights(objectives, randomStream(problem.seed, decision, "objective weights"));
  const data = scalarised(task.data, objectives, weights);
  // Limits, and an acquisition of the file, are about measurements.
  const { limits: _, ...unlimited } = problem;
  const learned = { ...task.learned, ...nothingLearned() };
  const scalarTask: ChoiceTask = { ...task, problem: unlimited, data, learned };
  const loss: Objective = { measurement: SCALARISED, direction: { kind: "minimise" } };
  const model = scoreModelOf(scalarTask, loss);
  if (model === undefined) return mostViable(task);
  const { acquisition, incumbent } = boldlyBy(model, task, loss);
  return {
    acquisition: { ...acquisition, method: "upper confidence bound of a random scalarisation" },
    ...(incumbent && { incumbent }),
    scalarisation: weights,
  };
}
