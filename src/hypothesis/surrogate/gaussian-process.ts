import {
  type Cholesky,
  choleskyOf,
  extendCholesky,
  solveLower,
  solveLowerFour,
  solveUpper,
} from "../../numerics/index.ts";
import { correlate, correlation, type Kernel } from "./kernel.ts";

/** Observations of one quantity at points of the feature cube. */
export interface TrainingData {
  readonly count: number;
  readonly dimension: number;
  /** Row after row; shape (count × dimension). */
  readonly inputs: Float64Array;
  /** In the quantity's unit; shape (count). */
  readonly values: Float64Array;
  /** Known variances of the values, 0 where unknown; in the unit squared. Shape (count). */
  readonly variances: Float64Array;
}

/** What a Gaussian process is tuned by; values are relative to the standardised data. */
export interface HyperParameters {
  /** One per feature; shape (dimension). */
  readonly lengths: Float64Array;
  /** Variance of the function. */
  readonly signal: number;
  /** Variance of one measurement beyond the known part. */
  readonly noise: number;
  /** Level that the function returns to far from data. */
  readonly mean: number;
}

/** A Gaussian process conditioned on data, ready to predict. */
export interface GaussianProcess {
  readonly kernel: Kernel;
  readonly hyper: HyperParameters;
  readonly data: TrainingData;
  /** Inputs divided by their lengths; shape (count × dimension). */
  readonly scaled: Float64Array;
  /**
   * Squared scaled distance that each observation has from everything that is asked, beside that of its input: what
   * was measured in an earlier campaign is that much less certain to hold. Absent where there is none. Shape (count).
   */
  readonly apart?: Float64Array;
  readonly factor: Cholesky;
  /** K⁻¹(y - mean), standardised; shape (count). */
  readonly weights: Float64Array;
  /** y = offset + scale·z. */
  readonly offset: number;
  readonly scale: number;
}

/** Mean and spread by which values are standardised; a spread of 0 counts as 1. */
export function standardisation(values: Float64Array): { offset: number; scale: number } {
  const n = values.length;
  if (n === 0) return { offset: 0, scale: 1 };
  const offset = values.reduce((a, b) => a + b, 0) / n;
  const square = values.reduce((sum, y) => sum + (y - offset) * (y - offset), 0);
  const scale = n > 1 ? Math.sqrt(square / (n - 1)) : 0;
  return {
    offset,
    scale: scale > 1e-12 * Math.max(1e-300, Math.abs(offset)) ? scale : Math.abs(offset) || 1,
  };
}

/**
 * Conditions a Gaussian process on data.
 *
 * @returns undefined when the covariance has no factor, which finite data and noise above 0 don't cause
 */
export function conditionOn(
  data: TrainingData,
  hyper: HyperParameters,
  kernel: Kernel,
): GaussianProcess | undefined {
  const { offset, scale } = standardisation(data.values);
  const { count, dimension } = data;
  const scaled = divided(data.inputs, hyper.lengths);
  const covariance = new Float64Array(count * count);
  const row = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    fillSquares(row, scaled, i, scaled.subarray(i * dimension, (i + 1) * dimension));
    correlate(kernel, row, i);
    for (let j = 0; j < i; j++) covariance[i * count + j] = hyper.signal * (row[j] as number);
    covariance[i * count + i] = hyper.signal + hyper.noise + (data.variances[i] as number) / (scale * scale);
  }
  const factor = choleskyOf(covariance, count);
  if (factor === undefined) return undefined;
  return withWeights({ kernel, hyper, data, scaled, factor, offset, scale });
}

/** Rows divided by the lengths. */
function divided(inputs: Float64Array, lengths: Float64Array): Float64Array {
  return inputs.map((x, k) => x / (lengths[k % lengths.length] as number));
}

/** Squared distances of a scaled point from the first scaled rows. */
export function fillSquares(
  squares: Float64Array,
  rows: Float64Array,
  count: number,
  point: Float64Array,
  apart?: Float64Array,
): void {
  const dimension = point.length;
  for (let i = 0, at = 0; i < count; i++) {
    let sum = apart === undefined ? 0 : (apart[i] as number);
    for (let k = 0; k < dimension; k++, at++) {
      const difference = (rows[at] as number) - (point[k] as number);
      sum += difference * difference;
    }
    squares[i] = sum;
  }
}

function withWeights(parts: Omit<GaussianProcess, "weights">): GaussianProcess {
  const residuals = parts.data.values.map((y) => (y - parts.offset) / parts.scale - parts.hyper.mean);
  return { ...parts, weights: solveUpper(parts.factor, solveLower(parts.factor, residuals)) };
}

/**
 * The process as it answers at zero of its last features, which those who ask then leave out.
 *
 * @param kept - features that are still asked for, the first ones
 */
export function atZeroOfRest(gp: GaussianProcess, kept: number): GaussianProcess {
  const { data, scaled, hyper } = gp;
  const { count, dimension } = data;
  const apart = new Float64Array(count);
  const fewer = (rows: Float64Array): Float64Array =>
    Float64Array.from({ length: count * kept }, (_, at) => {
      const row = Math.floor(at / kept);
      return rows[row * dimension + (at - row * kept)] as number;
    });
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = kept; k < dimension; k++) {
      const each = scaled[i * dimension + k] as number;
      sum += each * each;
    }
    apart[i] = sum;
  }
  return {
    ...gp,
    hyper: { ...hyper, lengths: hyper.lengths.slice(0, kept) },
    data: { ...data, dimension: kept, inputs: fewer(data.inputs) },
    scaled: fewer(scaled),
    apart,
  };
}

/**
 * Adds one observation without a refit, at a cost of n² operations.
 *
 * @param input - features; shape (dimension)
 * @param value - in the quantity's unit
 */
export function extendBy(gp: GaussianProcess, input: Float64Array, value: number): GaussianProcess {
  const { data, hyper } = gp;
  const row = new Float64Array(data.count + 1);
  const point = divided(input, hyper.lengths);
  fillSquares(row, gp.scaled, data.count, point, gp.apart);
  for (let i = 0; i < data.count; i++) row[i] = hyper.signal * correlation(gp.kernel, row[i] as number);
  row[data.count] = hyper.signal + hyper.noise;
  const factor = extendCholesky(gp.factor, row);
  if (factor === undefined) return gp;
  const larger: TrainingData = {
    count: data.count + 1,
    dimension: data.dimension,
    inputs: joined(data.inputs, input),
    values: joined(data.values, Float64Array.of(value)),
    variances: joined(data.variances, Float64Array.of(0)),
  };
  const apart = gp.apart && joined(gp.apart, Float64Array.of(0));
  return withWeights({
    ...gp,
    data: larger,
    scaled: joined(gp.scaled, point),
    factor,
    ...(apart && { apart }),
  });
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const whole = new Float64Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

/** What a Gaussian process expects of the function, noise not included; in the quantity's unit. */
export interface Prediction {
  mean: number;
  variance: number;
  /** ∂mean/∂x; shape (dimension); zeros unless asked for. */
  readonly meanGradient: Float64Array;
  /** ∂variance/∂x; shape (dimension); zeros unless asked for. */
  readonly varianceGradient: Float64Array;
}

/** Predicts at the point that starts at `at` in `x`; the result is overwritten by the next call. */
export type Predictor = (x: Float64Array, at?: number, withGradient?: boolean) => Prediction;

/** Least variance that a prediction has, relative to the signal; keeps ratios with it finite. */
export const LEAST_VARIANCE = 1e-12;

/** Makes a predictor, which keeps its working memory between calls. */
export function predictorOf(gp: GaussianProcess): Predictor {
  const { data, hyper, kernel, offset, scale, factor, weights, scaled } = gp;
  const { count, dimension } = data;
  const { lengths, signal } = hyper;
  const slopes = new Float64Array(count);
  const covariances = new Float64Array(count);
  const point = new Float64Array(dimension);
  const result: Prediction = {
    mean: 0,
    variance: 0,
    meanGradient: new Float64Array(dimension),
    varianceGradient: new Float64Array(dimension),
  };
  const { meanGradient, varianceGradient } = result;
  const gradients = (): void => {
    const solved = solveUpper(factor, covariances);
    meanGradient.fill(0);
    varianceGradient.fill(0);
    for (let i = 0, at = 0; i < count; i++) {
      const slope = 2 * signal * (slopes[i] as number) * scale;
      const byMean = slope * (weights[i] as number);
      const byVariance = -2 * slope * (solved[i] as number) * scale;
      for (let k = 0; k < dimension; k++, at++) {
        const difference = (point[k] as number) - (scaled[at] as number);
        meanGradient[k] = (meanGradient[k] as number) + byMean * difference;
        varianceGradient[k] = (varianceGradient[k] as number) + byVariance * difference;
      }
    }
    for (let k = 0; k < dimension; k++) {
      meanGradient[k] = (meanGradient[k] as number) / (lengths[k] as number);
      varianceGradient[k] = (varianceGradient[k] as number) / (lengths[k] as number);
    }
  };
  return (x, at = 0, withGradient = false) => {
    for (let k = 0; k < dimension; k++) point[k] = (x[at + k] as number) / (lengths[k] as number);
    fillSquares(covariances, scaled, count, point, gp.apart);
    correlate(kernel, covariances, count, withGradient ? slopes : undefined);
    let mean = hyper.mean;
    for (let i = 0; i < count; i++) {
      const covariance = signal * (covariances[i] as number);
      covariances[i] = covariance;
      mean += covariance * (weights[i] as number);
    }
    solveLower(factor, covariances);
    let variance = signal;
    for (let i = 0; i < count; i++) variance -= (covariances[i] as number) * (covariances[i] as number);
    result.mean = offset + scale * mean;
    result.variance = scale * scale * Math.max(variance, LEAST_VARIANCE * signal);
    if (withGradient) gradients();
    return result;
  };
}

/**
 * Means at the observed inputs: what was measured less the noise that the process sees in it,
 *     k(X, X) α = z - Σ α,   Σ the variances of the noise.
 *
 * @returns in the quantity's unit; shape (count)
 */
export function fittedMeans(gp: GaussianProcess): Float64Array {
  const { data, hyper, weights, scale } = gp;
  return data.values.map((y, i) => y - scale * (diagonal(gp, i) - hyper.signal) * (weights[i] as number));
}

/** Means and an upper bound of each variance, at a cost of n operations a point; in the quantity's unit. */
export interface Outlook {
  /** Shape (points). */
  readonly means: Float64Array;
  /** At least the variance: what is left when only the nearest observation is known. Shape (points). */
  readonly bounds: Float64Array;
}

/**
 * Means of many points, with bounds on their variances that tell which ones are worth more work.
 *
 * @param points - features row after row; shape (points × dimension)
 */
export function outlookOf(gp: GaussianProcess, points: Float64Array): Outlook {
  const { data, hyper, kernel, offset, scale, weights, scaled } = gp;
  const { count, dimension } = data;
  const { signal } = hyper;
  const total = dimension === 0 ? 0 : points.length / dimension;
  const means = new Float64Array(total);
  const bounds = new Float64Array(total);
  const row = new Float64Array(count);
  const point = new Float64Array(dimension);
  for (let p = 0; p < total; p++) {
    for (let k = 0; k < dimension; k++)
      point[k] = (points[p * dimension + k] as number) / (hyper.lengths[k] as number);
    fillSquares(row, scaled, count, point, gp.apart);
    correlate(kernel, row, count);
    let mean = 0;
    let most = 0;
    for (let i = 0; i < count; i++) {
      const each = row[i] as number;
      mean += each * (weights[i] as number);
      const known = (each * each) / diagonal(gp, i);
      if (known > most) most = known;
    }
    means[p] = offset + scale * (hyper.mean + signal * mean);
    bounds[p] = scale * scale * signal * Math.max(1 - signal * most, LEAST_VARIANCE);
  }
  return { means, bounds };
}

/** Variance of observation i under the process, noise included and standardised. */
function diagonal({ hyper, data, scale, factor }: GaussianProcess, i: number): number {
  return hyper.signal + hyper.noise + (data.variances[i] as number) / (scale * scale) + factor.jitter;
}

/**
 * Variances at some of many points, four at a time.
 *
 * @param points - features row after row; shape (points × dimension)
 * @param rows - indices of the points that are asked for
 * @returns in the quantity's unit squared; shape (rows)
 */
export function variancesAt(
  gp: GaussianProcess,
  points: Float64Array,
  rows: ArrayLike<number>,
): Float64Array {
  const { data, hyper, kernel, scale, factor, scaled } = gp;
  const { count, dimension } = data;
  const variances = new Float64Array(rows.length);
  const four = new Float64Array(4 * count);
  const parts = [0, 1, 2, 3].map((part) => four.subarray(part * count, (part + 1) * count));
  const point = new Float64Array(dimension);
  for (let first = 0; first < rows.length; first += 4) {
    const here = Math.min(4, rows.length - first);
    for (let part = 0; part < here; part++) {
      const at = (rows[first + part] as number) * dimension;
      for (let k = 0; k < dimension; k++)
        point[k] = (points[at + k] as number) / (hyper.lengths[k] as number);
      fillSquares(parts[part] as Float64Array, scaled, count, point, gp.apart);
      correlate(kernel, parts[part] as Float64Array, count);
    }
    solveLowerFour(factor, four);
    for (let part = 0; part < here; part++) {
      let known = 0;
      for (const each of parts[part] as Float64Array) known += each * each;
      variances[first + part] =
        scale * scale * hyper.signal * Math.max(1 - hyper.signal * known, LEAST_VARIANCE);
    }
  }
  return variances;
}
