import { randomStream } from "../../base/random.ts";
import type { Belief } from "../../hypothesis/belief.ts";
import { type FeatureMap, featureMap } from "../../hypothesis/features.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { fitGaussianProcess } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import { trainingDataOf } from "../../hypothesis/surrogate/training-data.ts";
import type { Acquisition } from "./acquisition.ts";
import { lossOf, withFailuresAsWorst } from "./failures.ts";
import { largestVariance } from "./largest-variance.ts";
import { logExpectedImprovement } from "./log-expected-improvement.ts";
import { discrimination } from "./model-information.ts";
import { type Predictive, pooled, predictivesOf, surrogatePredictive, withPending } from "./predictive.ts";
import type { Direction, Goal, Objective, Problem } from "./problem.ts";
import { randomWeights, SCALARISED, scalarised } from "./scalarise.ts";
import type { Reasons } from "./suggestion.ts";

/** What one choice is made from. */
export interface ChoiceTask {
  readonly problem: Problem;
  readonly data: readonly Observation[];
  readonly belief: Belief;
  readonly pending: readonly Setting[];
  /** Number of the choice, for its random numbers. */
  readonly decision: number;
}

/** How settings are valued in one choice, with what the reasons tell of it. */
export interface Valuation {
  readonly acquisition: Acquisition;
  readonly incumbent?: NonNullable<Reasons["incumbent"]>;
  readonly scalarisation?: Readonly<Record<string, number>>;
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
  const directions = new Map(objectives.map(({ measurement, direction }) => [measurement, direction]));
  const data = withFailuresAsWorst(task.data, directions);
  const [only] = objectives;
  if (objectives.length > 1) return scalarising({ ...task, data }, objectives);
  if (only === undefined) return undefined;
  const predictives = predictivesOf({ ...task, data }, only.measurement);
  if (predictives.length === 0) return undefined;
  const incumbent = incumbentOf(task, predictives, only);
  if (incumbent === undefined) return undefined;
  const best = only.direction.kind === "target" ? lossOf(only.direction, incumbent.value) : incumbent.value;
  return { acquisition: logExpectedImprovement(predictives, only.direction, best), incumbent };
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

const LESS: Direction = { kind: "minimise" };

/** One Gaussian process over a loss with random weights, drawn anew for every choice (ParEGO). */
function scalarising(task: ChoiceTask, objectives: readonly Objective[]): Valuation | undefined {
  const { problem, decision, pending } = task;
  const weights = randomWeights(objectives, randomStream(problem.seed, decision, "objective weights"));
  const data = scalarised(task.data, objectives, weights);
  const map: FeatureMap = featureMap(problem.space.parameters);
  const surrogate = problem.hypotheses.find((each) => each.kind === "surrogate");
  const fitted = fitGaussianProcess(trainingDataOf(map, data, SCALARISED), {
    kernel: surrogate?.kernel ?? "matern52",
    groups: map.groups,
    groupCount: map.groupCount,
    random: randomStream(problem.seed, decision, "scalarised surrogate"),
  });
  if (fitted === undefined) return undefined;
  const rival = {
    hypothesis: { kind: "surrogate", name: "surrogate" },
    measurement: { name: SCALARISED, unit: "1" },
    weight: 1,
  } as const;
  const predictive = surrogatePredictive(rival, withPending(fitted.process, map, pending));
  const incumbent = incumbentOf({ ...task, data }, [predictive], {
    measurement: SCALARISED,
    direction: LESS,
  });
  if (incumbent === undefined) return undefined;
  return {
    acquisition: {
      ...logExpectedImprovement([predictive], LESS, incumbent.value),
      method: "log expected improvement of a random scalarisation",
    },
    incumbent,
    scalarisation: weights,
  };
}
