import { randomStream } from "../../base/random.ts";
import { featureMap } from "../../hypothesis/features.ts";
import type { Acquisition } from "./acquisition.ts";
import type { ChoiceTask } from "./choice-task.ts";
import { upperConfidenceBound } from "./confidence-bound.ts";
import { largestVariance } from "./largest-variance.ts";
import { logExpectedImprovement } from "./log-expected-improvement.ts";
import { lossOf } from "./loss.ts";
import { discrimination } from "./model-information.ts";
import { type Expectation, type Predictive, pooled, predictivesOf } from "./predictive.ts";
import type { Goal, Objective, Problem } from "./problem.ts";
import { randomWeights, SCALARISED, scalarised } from "./scalarise.ts";
import { expectationOf, scoreModelOf } from "./score-model.ts";
import type { Reasons } from "./suggestion.ts";
import { expectedOver, logExpected, mostViable, viabilityIn } from "./viability-factor.ts";

/** How settings are valued in one choice, with what the reasons tell of it. */
export interface Valuation {
  readonly acquisition: Acquisition;
  readonly incumbent?: NonNullable<Reasons["incumbent"]>;
  readonly scalarisation?: Readonly<Record<string, number>>;
  /** What the model behind the acquisition expects of its measurement, where there is no other model of it. */
  readonly expected?: (features: Float64Array) => Readonly<Record<string, Expectation>>;
}

/**
 * How settings are valued in a choice: by the design's method, or by discrimination in its share of the choices.
 *
 * @returns undefined when the method is random, or there is nothing measured to go by
 */
export function valuationOf(task: ChoiceTask): Valuation | undefined {
  const { design, goal } = task.problem;
  if (spentOnDiscrimination(design.discriminate ?? 0, task.decision)) {
    const valuation = discriminating(task, contested(task));
    if (valuation !== undefined) return valuation;
  }
  switch (design.then) {
    case "random":
      return undefined;
    case "discriminate":
      return discriminating(task, contested(task)) ?? exploring(task, measurementOf(task.problem, goal));
    case "explore":
      return exploring(task, measurementOf(task.problem, goal));
    case "optimise":
      if (goal.kind === "optimise") return optimising(task, goal.objectives);
      return goal.kind === "discriminate"
        ? (discriminating(task, goal.measurement) ?? exploring(task, goal.measurement))
        : exploring(task, goal.measurement);
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

function optimising(task: ChoiceTask, objectives: readonly Objective[]): Valuation | undefined {
  const [only] = objectives;
  if (objectives.length > 1) return scalarising(task, objectives);
  if (only === undefined) return undefined;
  const rivals = task.problem.hypotheses.some(
    (each) => each.kind === "law" && each.predicts === only.measurement,
  );
  return rivals || only.direction.kind === "target"
    ? improvingOnRivals(task, only)
    : improvingScore(task, only);
}

/** With laws beside the surrogate, or a value to be hit: expected improvement under all hypotheses together. */
function improvingOnRivals(task: ChoiceTask, objective: Objective): Valuation | undefined {
  const predictives = predictivesOf(task, objective.measurement);
  if (predictives.length === 0) return undefined;
  const incumbent = incumbentOf(task, predictives, objective);
  if (incumbent === undefined) return undefined;
  const { direction } = objective;
  const best = direction.kind === "target" ? lossOf(direction, incumbent.value) : incumbent.value;
  const acquisition = logExpectedImprovement(predictives, direction, best);
  const viability = viabilityIn(task);
  return {
    acquisition: viability === undefined ? acquisition : logExpected(acquisition, viability),
    incumbent,
  };
}

/**
 * Standard deviations in the confidence bound. With 1 both the best setting and the other good ones are found early on
 * tables of real experiments (bench/decisions); expected improvement looks for the very best alone.
 */
const BOLDNESS = 1;

function improvingScore(task: ChoiceTask, objective: Objective): Valuation | undefined {
  const model = scoreModelOf(task, objective);
  const viability = viabilityIn(task);
  if (model === undefined) return viability && { acquisition: mostViable(viability) };
  const acquisition = upperConfidenceBound(model.members, BOLDNESS);
  const { observation, score } = model.best;
  const sign = objective.direction.kind === "minimise" ? -1 : 1;
  return {
    acquisition: viability === undefined ? acquisition : expectedOver(model.worst, acquisition, viability),
    incumbent: {
      experiment: observation.experiment,
      setting: observation.setting,
      value: sign * model.warp.unwarp(score),
    },
    expected: (features) => ({
      [objective.measurement]: expectationOf(model, objective, features),
    }),
  };
}

/** The measured setting that is expected to be best; its expectation, not its noisy measurement. */
function incumbentOf(
  { problem, data }: ChoiceTask,
  predictives: readonly Predictive[],
  { measurement, direction }: Objective,
): Valuation["incumbent"] {
  const map = featureMap(problem.space.parameters);
  const features = new Float64Array(map.dimension);
  let best: NonNullable<Valuation["incumbent"]> | undefined;
  for (const { experiment, setting, outcome } of data) {
    if (outcome.kind !== "measured" || outcome.values[measurement] === undefined) continue;
    map.encode(setting, features, 0);
    const { mean } = pooled(
      predictives.map((each) => ({ ...each.expect(setting, features), weight: each.weight })),
    );
    if (best === undefined || lossOf(direction, mean) < lossOf(direction, best.value))
      best = { experiment, setting, value: mean };
  }
  return best;
}

/** One Gaussian process over a loss with random weights, drawn anew for every choice (ParEGO). */
function scalarising(task: ChoiceTask, objectives: readonly Objective[]): Valuation | undefined {
  const { problem, decision } = task;
  const weights = randomWeights(objectives, randomStream(problem.seed, decision, "objective weights"));
  const data = scalarised(task.data, objectives, weights);
  const scalarTask: ChoiceTask = { ...task, data, fits: new Map() };
  const model = scoreModelOf(scalarTask, { measurement: SCALARISED, direction: { kind: "minimise" } });
  const viability = viabilityIn(task);
  if (model === undefined) return viability && { acquisition: mostViable(viability) };
  const acquisition = upperConfidenceBound(model.members, BOLDNESS);
  const { observation, score } = model.best;
  return {
    acquisition: {
      ...(viability === undefined ? acquisition : expectedOver(model.worst, acquisition, viability)),
      method: "upper confidence bound of a random scalarisation",
    },
    incumbent: {
      experiment: observation.experiment,
      setting: observation.setting,
      value: -model.warp.unwarp(score),
    },
    scalarisation: weights,
  };
}
