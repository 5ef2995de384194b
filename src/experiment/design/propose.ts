import { type Random, randomStream } from "../../base/random.ts";
import { encodeAll, type FeatureMap } from "../../hypothesis/features.ts";
import { nearestRow } from "../../hypothesis/nearest-row.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { spaceFeatures } from "../space/space-features.ts";
import type { Acquisition } from "./acquisition/acquisition.ts";
import type { Valuation } from "./acquisition/valuation.ts";
import type { ChoiceTask } from "./model/choice-task.ts";
import { surrogateOf } from "./model/fits.ts";
import { type Predictive, pooled, predictivesOf } from "./model/predictive.ts";
import { scoreModelOf } from "./model/score-model.ts";
import type { Candidate } from "./search/maximise-acquisition.ts";
import { isScored, type Objective } from "./task/problem.ts";
import type { Reasons, Suggestion, SuggestionMethod } from "./task/suggestion.ts";
import { valuationOf } from "./value-of-settings.ts";
import { viabilityIn } from "./weighing/viability-factor.ts";

/** Where settings come from: a space, or a list. */
export interface Source {
  /** The setting of a space-filling start with an index, or undefined when none is left. */
  start(index: number): Setting | undefined;
  /** A random setting that may be tried, or undefined when none is left. */
  any(random: Random): Setting | undefined;
  /** The settings with the largest acquisition value, the best first, at most two. */
  best(acquisition: Acquisition, around: readonly Setting[], random: Random): Candidate[];
}

/**
 * Chooses one setting and says why: from the start while fewer experiments than it has have begun (and as long as
 * none has ended), then by the design's method.
 *
 * @returns undefined when the source has nothing left
 */
export function propose(task: ChoiceTask, source: Source): Suggestion | undefined {
  const { problem, data, pending, decision } = task;
  const { first } = problem.design;
  const started = data.length + pending.length;
  const place = startPlace(task, started);
  if (place !== undefined) {
    const random = randomStream(problem.seed, decision, "random start");
    const setting = first.method === "sobol" ? source.start(place) : source.any(random);
    return setting && explained(task, setting, first.method === "sobol" ? "sobol start" : "random start");
  }
  const valuation = valuationOf(task);
  if (valuation === undefined) {
    const setting = source.any(randomStream(problem.seed, decision, "random"));
    return setting && explained(task, setting, "random");
  }
  const around = valuation.incumbent === undefined ? [] : [valuation.incumbent.setting];
  const random = randomStream(problem.seed, decision, "candidates");
  const [best, next] = source.best(valuation.acquisition, around, random);
  if (best === undefined) return undefined;
  return explained(task, best.setting, valuation.acquisition.method, { valuation, best, next });
}

/** With fewer results an earlier campaign doesn't replace a start. */
const EARLIER_INSTEAD_OF_START = 5;

/** Probability from which on earlier campaigns take the place of what is left of the start. */
const SURE = 0.75;
/** One result has no spread by which earlier ones could be judged. */
const LEAST_RESULTS = 2;

/**
 * Which setting of the start is due. The start also shows whether earlier campaigns hold: as soon as its results say so,
 * it is over; where they mislead, nothing is lost.
 *
 * @returns undefined when the start is over
 */
function startPlace(task: ChoiceTask, started: number): number | undefined {
  const { problem, data } = task;
  if (started >= problem.design.first.count && data.length > 0) return undefined;
  return knowsEnough(problem) && data.length >= LEAST_RESULTS && earlierHolds(task) ? undefined : started;
}

/** What doesn't go by scores doesn't know of earlier campaigns. */
function earlierHolds(task: ChoiceTask): boolean {
  const { goal, design } = task.problem;
  if (goal.kind !== "optimise" || design.then !== "optimise") return false;
  const [only] = goal.objectives;
  if (goal.objectives.length === 1 && !isScored(task.problem, only as Objective)) return false;
  return goal.objectives.every((objective) => (scoreModelOf(task, objective)?.earlierShare ?? 0) >= SURE);
}

/** Whether earlier campaigns tell enough to begin with what they say. */
function knowsEnough({ earlier = [] }: ChoiceTask["problem"]): boolean {
  const measured = earlier.flat().filter(({ outcome }) => outcome.kind === "measured");
  return measured.length >= EARLIER_INSTEAD_OF_START;
}

function explained(
  task: ChoiceTask,
  setting: Setting,
  method: SuggestionMethod,
  found?: { valuation: Valuation; best: Candidate; next: Candidate | undefined },
): Suggestion {
  const { problem } = task;
  const map = spaceFeatures(problem.space);
  const features = new Float64Array(map.dimension);
  map.encode(setting, features, 0);
  const expected = found?.valuation.expected?.(features) ?? {};
  const expectations = problem.measurements.flatMap(({ name }) => {
    const known = expected[name];
    return known === undefined
      ? predictivesOf(task, name).map((predictive) => expectation(predictive, setting, features))
      : [{ name: surrogateOf(problem)?.name ?? "surrogate", measurement: name, weight: 1, ...known }];
  });
  const viability = viabilityIn(task);
  const nearest = nearestTo(task, map, features);
  const reasons: Reasons = {
    method,
    predicted: predictedBy(expectations),
    perHypothesis: expectations,
    ...(viability && { viability: viability.probability(features) }),
    ...(found && Number.isFinite(found.best.value) && { acquisition: found.best.value }),
    ...(found?.valuation.incumbent && { incumbent: found.valuation.incumbent }),
    ...(nearest && { nearest }),
    ...(found?.next &&
      Number.isFinite(found.next.value) && {
        runnerUp: { setting: found.next.setting, acquisition: found.next.value },
      }),
    ...(found?.valuation.outliers?.length && { outliers: found.valuation.outliers }),
    ...(found?.valuation.approximation && { approximation: found.valuation.approximation }),
    ...(found?.valuation.hypervolume !== undefined && { hypervolume: found.valuation.hypervolume }),
    ...(found?.valuation.scalarisation && { scalarisation: found.valuation.scalarisation }),
  };
  return { setting, reasons };
}

type NamedExpectation = Reasons["perHypothesis"][number];

function expectation(predictive: Predictive, setting: Setting, features: Float64Array): NamedExpectation {
  const { mean, sd } = predictive.expect(setting, features);
  return {
    name: predictive.name,
    measurement: predictive.measurement.name,
    weight: predictive.weight,
    mean,
    sd,
  };
}

function predictedBy(expectations: readonly NamedExpectation[]): Reasons["predicted"] {
  const measurements = new Set(expectations.map(({ measurement }) => measurement));
  return Object.fromEntries(
    [...measurements].map((name) => [
      name,
      pooled(expectations.filter(({ measurement }) => measurement === name)),
    ]),
  );
}

function nearestTo({ data }: ChoiceTask, map: FeatureMap, features: Float64Array): Reasons["nearest"] {
  const past = encodeAll(
    map,
    data.map(({ setting }) => setting),
  );
  const nearest = nearestRow(past, data.keys(), features);
  return (
    nearest && {
      experiment: (data[nearest.row] as Observation).experiment,
      distance: Math.sqrt(nearest.square),
    }
  );
}
