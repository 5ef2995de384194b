import { type Cholesky, choleskyOf, extendCholesky, solveLower, solveUpper } from "../../numerics/index.ts";
import { correlation, correlationSlope, type Kernel } from "./kernel.ts";

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
  const square = values.reduce((sum, y) => sum + (y - offset) ** 2, 0);
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
  const covariance = new Float64Array(data.count * data.count);
  for (let i = 0; i < data.count; i++) {
    for (let j = 0; j < i; j++) {
      const squared = scaledSquare(
        data.inputs,
        i * data.dimension,
        data.inputs,
        j * data.dimension,
        hyper.lengths,
      );
      covariance[i * data.count + j] = hyper.signal * correlation(kernel, squared);
    }
    covariance[i * data.count + i] =
      hyper.signal + hyper.noise + (data.variances[i] as number) / (scale * scale);
  }
  const factor = choleskyOf(covariance, data.count);
  if (factor === undefined) return undefined;
  return withWeights({ kernel, hyper, data, factor, offset, scale });
}

function withWeights(parts: Omit<GaussianProcess, "weights">): GaussianProcess {
  const residuals = parts.data.values.map((y) => (y - parts.offset) / parts.scale - parts.hyper.mean);
  return { ...parts, weights: solveUpper(parts.factor, solveLower(parts.factor, residuals)) };
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
  for (let i = 0; i < data.count; i++) {
    const squared = scaledSquare(data.inputs, i * data.dimension, input, 0, hyper.lengths);
    row[i] = hyper.signal * correlation(gp.kernel, squared);
  }
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
  return withWeights({ ...gp, data: larger, factor });
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const whole = new Float64Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

function scaledSquare(
  a: Float64Array,
  atA: number,
  b: Float64Array,
  atB: number,
  lengths: Float64Array,
): number {
  let sum = 0;
  for (let k = 0; k < lengths.length; k++) {
    const difference = ((a[atA + k] as number) - (b[atB + k] as number)) / (lengths[k] as number);
    sum += difference * difference;
  }
  return sum;
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
const LEAST_VARIANCE = 1e-12;

/** Makes a predictor, which keeps its working memory between calls. */
export function predictorOf(gp: GaussianProcess): Predictor {
  const { data, hyper, kernel, offset, scale, factor, weights } = gp;
  const { count, dimension, inputs } = data;
  const squares = new Float64Array(count);
  const covariances = new Float64Array(count);
  const result: Prediction = {
    mean: 0,
    variance: 0,
    meanGradient: new Float64Array(dimension),
    varianceGradient: new Float64Array(dimension),
  };
  const gradients = (x: Float64Array, at: number): void => {
    const solved = solveUpper(factor, covariances);
    result.meanGradient.fill(0);
    result.varianceGradient.fill(0);
    for (let i = 0; i < count; i++) {
      const slope = 2 * hyper.signal * correlationSlope(kernel, squares[i] as number);
      const byMean = slope * (weights[i] as number) * scale;
      const byVariance = -2 * slope * (solved[i] as number) * scale * scale;
      for (let k = 0; k < dimension; k++) {
        const length = hyper.lengths[k] as number;
        const difference =
          ((x[at + k] as number) - (inputs[i * dimension + k] as number)) / (length * length);
        result.meanGradient[k] = (result.meanGradient[k] as number) + byMean * difference;
        result.varianceGradient[k] = (result.varianceGradient[k] as number) + byVariance * difference;
      }
    }
  };
  return (x, at = 0, withGradient = false) => {
    let mean = hyper.mean;
    for (let i = 0; i < count; i++) {
      const squared = scaledSquare(inputs, i * dimension, x, at, hyper.lengths);
      const covariance = hyper.signal * correlation(kernel, squared);
      squares[i] = squared;
      covariances[i] = covariance;
      mean += covariance * (weights[i] as number);
    }
    solveLower(factor, covariances);
    let variance = hyper.signal;
    for (let i = 0; i < count; i++) variance -= (covariances[i] as number) ** 2;
    result.mean = offset + scale * mean;
    result.variance = scale * scale * Math.max(variance, LEAST_VARIANCE * hyper.signal);
    if (withGradient) gradients(x, at);
    return result;
  };
}
