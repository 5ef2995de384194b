import { type Cholesky, choleskyOf, extendCholesky, solveLower, solveUpper } from "../../numerics/index.ts";
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

/** Least variance that a prediction has, relative to the signal; keeps ratios with it finite. */
export const LEAST_VARIANCE = 1e-12;

/**
 * Means at the observed inputs: what was measured less the noise that the process sees in it,
 *     k(X, X) α = z - Σ α,   Σ the variances of the noise.
 *
 * @returns in the quantity's unit; shape (count)
 */
export function fittedMeans(gp: GaussianProcess): Float64Array {
  const { data, hyper, weights, scale } = gp;
  return data.values.map(
    (y, i) => y - scale * (varianceOfResult(gp, i) - hyper.signal) * (weights[i] as number),
  );
}

/** Variance of observation i under the process, noise included and standardised. */
export function varianceOfResult({ hyper, data, scale, factor }: GaussianProcess, i: number): number {
  return hyper.signal + hyper.noise + (data.variances[i] as number) / (scale * scale) + factor.jitter;
}
