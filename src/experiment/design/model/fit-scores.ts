import { type Random, randomStream } from "../../../base/random.ts";
import type { FeatureMap } from "../../../hypothesis/features.ts";
import { ensemblePredictor } from "../../../hypothesis/surrogate/ensemble.ts";
import {
  type FittedProcess,
  type Fitter,
  fitterOf,
  MOST_LOOKED_AT,
} from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import {
  atZeroOfRest,
  fittedMeans,
  type TrainingData,
} from "../../../hypothesis/surrogate/gaussian-process.ts";
import { damped, type Outlier, outliersOf } from "../../../hypothesis/surrogate/outliers.ts";
import { mergeReplicates } from "../../../hypothesis/surrogate/replicates.ts";
import { bestAndRandom, rowsOf } from "../../../hypothesis/surrogate/training-data.ts";
import { exp, median } from "../../../numerics/index.ts";
import type { ChoiceTask } from "./choice-task.ts";
import { evidenceOfFirst, type JoinedData, joinEarlier } from "./earlier-data.ts";
import { surrogateOf, tuningFor } from "./fits.ts";
import type { Approximation, ScoreFit } from "./score-fit.ts";

/** Up to this many settings all data count; the factor of more takes longer than a person waits. */
const EXACT = 1500;
/** Of more data, the best third of so many and a random choice of the others. */
const BEST_SHARE = 1 / 3;
/** Settings left out at which the error of an approximation is measured. */
const CHECKED = 200;

/**
 * Fits the surrogate to scores: replicates merged, impossible values damped, with what earlier campaigns say, and on
 * a part of the data where there are very many.
 *
 * @param name - names the random numbers
 * @param current - scores of the campaign; earlier ones alone may do
 * @returns undefined when there are no data at all
 */
export function fitScores(
  task: ChoiceTask,
  name: string,
  map: FeatureMap,
  { current, earlier }: { readonly current: TrainingData; readonly earlier: readonly TrainingData[] },
): ScoreFit | undefined {
  const random = randomStream(task.problem.seed, task.decision, name);
  const merged = mergeReplicates(current);
  const kept = bestAndRandom(merged.data, EXACT, BEST_SHARE, random);
  const part = kept.length === merged.data.count ? merged.data : rowsOf(merged.data, kept);
  const fit = (data: JoinedData): RobustFit =>
    robustFit(task, data, randomStream(task.problem.seed, task.decision, `fit of ${name}`));
  const alone = { data: part, groups: map.groups };
  const {
    fitted: members,
    outliers,
    earlierShare,
  } = earlier.length === 0
    ? fit(alone)
    : rivals(
        fit(joinEarlier(map, part, earlier, random)),
        part.count < LEAST_ALONE ? undefined : fit(alone),
        part,
      );
  if (members.length === 0) return undefined;
  const placeOf = new Int32Array(merged.data.count).fill(-1);
  for (const [place, row] of kept.entries()) placeOf[row] = place;
  const byPlace = pooledMeans(members, part.count);
  const place = (observation: number): number => placeOf[merged.rowOf[observation] as number] as number;
  return {
    members,
    means: Float64Array.from({ length: current.count }, (_, i) => byPlace[place(i)] ?? -Infinity),
    // Rows of earlier campaigns, which come last, are no observations.
    outliers: outliers.flatMap((outlier) => {
      const row = current.values.findIndex((_, i) => place(i) === outlier.row);
      return row < 0 ? [] : [{ ...outlier, row }];
    }),
    ...(earlierShare !== undefined && { earlierShare }),
    ...(part !== merged.data && { approximation: checked(members, merged.data, kept) }),
  };
}

/** Fewer values have no spread to be judged by. */
const LEAST_ALONE = 2;
/** Members of a smaller share would cost as much time as the others and change nothing. */
const LEAST_SHARE = 1e-3;
/** What more probably misleads than helps has no say at all: a small part of a false hope still is one. */
const BELIEVED = 0.5;

/**
 * A fit that knows the earlier campaigns and one that doesn't, together: each has the share of its evidence for the
 * current results, at its most probable tuning, so that earlier data that mislead lose their say.
 */
function rivals(
  joined: RobustFit,
  alone: RobustFit | undefined,
  { count, dimension }: TrainingData,
): RobustFit {
  const informed = joined.fitted.map((each) => ({ ...each, process: atZeroOfRest(each.process, dimension) }));
  const [first] = joined.fitted;
  const [second] = alone?.fitted ?? [];
  if (alone === undefined || first === undefined || second === undefined)
    return { ...joined, fitted: informed, earlierShare: 0.5 };
  const odds = exp(evidenceOfFirst(second.process, count) - evidenceOfFirst(first.process, count));
  const share = 1 / (1 + odds);
  if (share < BELIEVED) return { ...alone, earlierShare: share };
  const all = [
    ...informed.map((each) => ({ ...each, weight: each.weight * share })),
    ...alone.fitted.map((each) => ({ ...each, weight: each.weight * (1 - share) })),
  ];
  const kept = all.filter(({ weight }) => weight >= LEAST_SHARE).sort((a, b) => b.weight - a.weight);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return {
    fitted: kept.map((each) => ({ ...each, weight: each.weight / total })),
    outliers: joined.outliers,
    earlierShare: share,
  };
}

/** Nats that a fit has to gain for one value to be called impossible: e⁻⁴ is how often that is expected beforehand. */
const PRICE_OF_OUTLIER = 4;

interface RobustFit {
  /** The heaviest first. */
  readonly fitted: readonly FittedProcess[];
  readonly outliers: readonly Outlier[];
  /** Probability of the earlier campaigns, where there are any. */
  readonly earlierShare?: number;
}

/** A fit, less the say of values that can't be right. */
function robustFit({ problem }: ChoiceTask, { data, groups }: JoinedData, random: Random): RobustFit {
  const tuning = tuningFor(problem, groups);
  const fit = fitterOf(data, { ...tuning, random });
  const fitted = fit(data);
  if (surrogateOf(problem)?.outliers === "kept" || suspectIn(fitted, data, []) === undefined)
    return { fitted, outliers: [] };
  if (data.count <= MOST_LOOKED_AT) return withoutOutliers(fit, fitted, data);
  // A value that the fit doesn't look at can't be missed there; those that raise hopes are among the largest.
  const rows = bestAndRandom(data, MOST_LOOKED_AT, BEST_SHARE, random);
  const part = rowsOf(data, rows);
  const fitPart = fitterOf(part, { ...tuning, random });
  const outliers = withoutOutliers(fitPart, fitPart(part), part).outliers.map((each) => ({
    ...each,
    row: rows[each.row] as number,
  }));
  return { fitted: outliers.length === 0 ? fitted : fit(damped(data, outliers)), outliers };
}

/** As long as a fit gains enough by taking a further value for impossible, that one is. */
function withoutOutliers(fit: Fitter, all: readonly FittedProcess[], data: TrainingData): RobustFit {
  let outliers: Outlier[] = [];
  let fitted = all;
  while (fitted[0] !== undefined) {
    const suspect = suspectIn(fitted, data, outliers);
    if (suspect === undefined || outliers.length >= Math.floor(data.count / 10)) break;
    const without = fit(damped(data, [...outliers, suspect]));
    const gain = (without[0]?.logPosterior ?? -Infinity) - fitted[0].logPosterior;
    if (gain < PRICE_OF_OUTLIER) break;
    outliers = [...outliers, suspect];
    fitted = without;
  }
  return { fitted, outliers };
}

/**
 * The value that is most impossible, but for known ones. What is bad lies on a scale of ranks, where its tail looks
 * stranger than it is; a false hope is what costs.
 */
function suspectIn(
  [first]: readonly FittedProcess[],
  { values, count }: TrainingData,
  known: readonly Outlier[],
): Outlier | undefined {
  if (first === undefined || count === 0) return undefined;
  const middle = median(values);
  return outliersOf(first.process).find(
    ({ row }) => (values[row] as number) > middle && known.every((each) => each.row !== row),
  );
}

/** What the members together expect of their first `count` rows. */
function pooledMeans(members: readonly FittedProcess[], count: number): Float64Array {
  const means = new Float64Array(count);
  for (const { process, weight } of members) {
    for (const [i, mean] of fittedMeans(process).subarray(0, count).entries())
      means[i] = (means[i] as number) + weight * mean;
  }
  return means;
}

function checked(
  members: readonly FittedProcess[],
  data: TrainingData,
  kept: readonly number[],
): Approximation {
  const used = new Set(kept);
  const left = Array.from({ length: data.count }, (_, row) => row).filter((row) => !used.has(row));
  const predict = ensemblePredictor(members);
  let squares = 0;
  const rows = left.slice(0, CHECKED);
  for (const row of rows) {
    const miss = predict(data.inputs, row * data.dimension).mean - (data.values[row] as number);
    squares += miss * miss;
  }
  const centre = data.values.reduce((sum, value) => sum + value, 0) / data.count;
  const spread =
    data.values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / data.count;
  return {
    used: kept.length,
    of: data.count,
    error: Math.sqrt(squares / Math.max(1, rows.length) / (spread || 1)),
  };
}
