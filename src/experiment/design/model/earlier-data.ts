import type { Random } from "../../../base/random.ts";
import type { FeatureMap } from "../../../hypothesis/features.ts";
import { nearestRow } from "../../../hypothesis/nearest-row.ts";
import {
  type GaussianProcess,
  type TrainingData,
  variancesOfResults,
} from "../../../hypothesis/surrogate/gaussian-process.ts";
import { noWarp, type OutputWarp } from "../../../hypothesis/surrogate/output-warp.ts";
import { subsetOf } from "../../../hypothesis/surrogate/training-data.ts";
import {
  type Cholesky,
  choleskyOf,
  log,
  logDeterminant,
  median,
  solveLower,
} from "../../../numerics/index.ts";

/** Rows of one earlier campaign that are looked at; more of them cost time and say little that is new. */
const MOST_ROWS = 150;

/** What a fit over several campaigns works on. */
export interface JoinedData {
  readonly data: TrainingData;
  /** Length-scale that each feature belongs to; every earlier campaign has one of its own. Shape (dimension). */
  readonly groups: Int32Array;
}

/**
 * Puts the data of earlier campaigns behind those of the current one. Each earlier campaign gets a feature that is 1 on
 * its rows and 0 elsewhere: the length-scale of that feature, learned with the others, is how much its results say
 * about the current ones, so that results of something else end up saying nothing.
 * Source: the intrinsic coregionalisation model (Bonilla, Chai and Williams, Multi-task Gaussian process prediction,
 * NIPS 2007), with one positive correlation for each earlier campaign.
 *
 * @param current - may be empty
 */
export function joinEarlier(
  map: FeatureMap,
  current: TrainingData,
  earlier: readonly TrainingData[],
  random: Random,
): JoinedData {
  const parts = earlier.map((each) => subsetOf(each, MOST_ROWS, random));
  const all = [current, ...parts];
  const count = all.reduce((sum, part) => sum + part.count, 0);
  const dimension = map.dimension + parts.length;
  const inputs = new Float64Array(count * dimension);
  let row = 0;
  for (const [k, part] of all.entries()) {
    for (let i = 0; i < part.count; i++, row++) {
      inputs.set(part.inputs.subarray(i * map.dimension, (i + 1) * map.dimension), row * dimension);
      if (k > 0) inputs[row * dimension + map.dimension + k - 1] = 1;
    }
  }
  return {
    data: {
      count,
      dimension,
      inputs,
      values: Float64Array.from(all.flatMap(({ values }) => [...values])),
      variances: Float64Array.from(all.flatMap(({ variances }) => [...variances])),
    },
    groups: Int32Array.from([...map.groups, ...parts.map((_, k) => map.groupCount + k)]),
  };
}

/** Fewer results have no quartiles to speak of, so that the scale is that of earlier ones too. */
const OWN_SCALE = 5;

/** The scores of all campaigns on the scale of the processes. */
export interface WarpedScores {
  readonly current: TrainingData;
  readonly earlier: readonly TrainingData[];
  readonly warp: OutputWarp;
}

/**
 * Warps the scores of all campaigns by one map, since the ranks of each campaign by itself would part as the current
 * one draws near its optimum. The map is that of the current campaign alone as soon as it has some results: the more
 * exact it gets about the best, the more exact the scale, and with earlier data of no use it is as if there were none.
 *
 * Earlier scores are brought to the level and the spread of the current ones first, since neither moves an optimum.
 *
 * @param current - scores, larger is better; may be empty
 * @param earlier - not empty, each of them
 */
export function onOneScale(
  current: TrainingData,
  earlier: readonly TrainingData[],
  warpOf: (scores: Float64Array) => OutputWarp,
): WarpedScores {
  const level = current.count > 0 ? current : (earlier[0] ?? current);
  const before = earlier.map((each) => aligned(each, level));
  const known = current.count < OWN_SCALE ? [current, ...before] : [current];
  const scores = Float64Array.from(known.flatMap(({ values }) => [...values]));
  if (scores.length === 0) return { current, earlier, warp: noWarp(scores) };
  const warp = warpOf(scores);
  return {
    current: {
      ...current,
      values: warp.warped.slice(0, current.count),
      variances: current.variances.map((variance, i) => variance * warp.slopeAt(i) * warp.slopeAt(i)),
    },
    earlier: before.map((each) => ({
      ...each,
      values: each.values.map((score) => warp.warp(score)),
      variances: each.variances.map((variance, i) =>
        warpedVariance(warp, each.values[i] as number, variance),
      ),
    })),
    warp,
  };
}

function warpedVariance({ warp }: OutputWarp, score: number, variance: number): number {
  const sd = Math.sqrt(variance);
  const half = (warp(score + sd) - warp(score - sd)) / 2;
  return half * half;
}

/** Fewer results have no spread that could be told from noise. */
const OWN_SPREAD = 3;
/** What is steeper or flatter than this by far is something else. */
const STEEPEST = 5;

/**
 * Earlier scores on the level and, with a few results, the spread of the current ones, judged where both are known: at
 * the current settings, by the nearest earlier ones.
 */
function aligned(earlier: TrainingData, current: TrainingData): TrainingData {
  if (earlier === current) return earlier;
  const { dimension, inputs } = current;
  const rows = Array.from(earlier.values, (_, row) => row);
  const nearest = current.values.map((_, i) => {
    const point = inputs.subarray(i * dimension, (i + 1) * dimension);
    return earlier.values[nearestRow(earlier.inputs, rows, point)?.row ?? 0] as number;
  });
  const slope = slopeBetween(nearest, current.values);
  const shift = median(current.values.map((value, i) => value - slope * (nearest[i] as number)));
  return {
    ...earlier,
    values: earlier.values.map((value) => slope * value + shift),
    variances: earlier.variances.map((variance) => slope * slope * variance),
  };
}

function slopeBetween(earlier: Float64Array, current: Float64Array): number {
  if (current.length < OWN_SPREAD) return 1;
  const ratio = spreadOf(current) / spreadOf(earlier);
  if (!Number.isFinite(ratio) || ratio === 0) return 1;
  return Math.min(STEEPEST, Math.max(1 / STEEPEST, ratio));
}

function spreadOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0));
}

/**
 * How well a process that knows the earlier campaigns expects the current one: ln p(all values) - ln p(earlier values),
 * less the constant of the normal density.
 *
 * @param gp - with the rows of the current campaign first; they may be all
 * @param count - how many these are
 * @returns nats; comparable between processes on the same values of the current campaign
 */
export function evidenceOfFirst(gp: GaussianProcess, count: number): number {
  const { data, hyper, offset, scale } = gp;
  const residuals = data.values.map((y) => (y - offset) / scale - hyper.mean);
  const rest = factorOfRest(gp, count);
  if (rest === undefined) return -Infinity;
  return logDensity(gp.factor, residuals) - logDensity(rest, residuals.slice(count)) - count * log(scale);
}

function factorOfRest(gp: GaussianProcess, from: number): Cholesky | undefined {
  const rest = gp.covariances.from(from);
  const size = rest.count;
  const results = variancesOfResults(gp);
  const covariance = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    rest.writeRow(row, i, i);
    covariance.set(row.subarray(0, i), i * size);
    covariance[i * size + i] = results[from + i] as number;
  }
  return choleskyOf(covariance, size);
}

/** ln of the normal density, less its constant. */
function logDensity(factor: Cholesky, residuals: Float64Array): number {
  const independent = solveLower(factor, residuals.slice());
  return -0.5 * independent.reduce((sum, each) => sum + each * each, logDeterminant(factor));
}
