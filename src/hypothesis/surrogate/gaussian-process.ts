import { type Cholesky, choleskyOf, extendCholesky, solveLower, solveUpper } from "../../numerics/index.ts";
import { Covariances } from "./covariance/covariances.ts";
import type { Kernel } from "./covariance/kernel.ts";
import type { HyperParameters } from "./covariance/tuning.ts";

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

/** A Gaussian process conditioned on data, ready to predict. */
export interface GaussianProcess {
  readonly kernel: Kernel;
  readonly hyper: HyperParameters;
  readonly data: TrainingData;
  /** Of the function with the observations, standardised. */
  readonly covariances: Covariances;
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
  const { count } = data;
  const covariances = new Covariances(hyper, data);
  const covariance = new Float64Array(count * count);
  const row = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const own = covariances.writeRow(row, i, i);
    covariance.set(row.subarray(0, i), i * count);
    covariance[i * count + i] = own + hyper.noise + (data.variances[i] as number) / (scale * scale);
  }
  const factor = choleskyOf(covariance, count);
  if (factor === undefined) return undefined;
  return withWeights({ kernel, hyper, data, covariances, factor, offset, scale });
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
  const { count, dimension, inputs } = gp.data;
  const fewer = Float64Array.from({ length: count * kept }, (_, at) => {
    const row = Math.floor(at / kept);
    return inputs[row * dimension + (at - row * kept)] as number;
  });
  return {
    ...gp,
    data: { ...gp.data, dimension: kept, inputs: fewer },
    covariances: gp.covariances.atZeroOfRest(kept),
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
  row[data.count] = gp.covariances.write(row, data.count, input) + hyper.noise;
  const factor = extendCholesky(gp.factor, row);
  if (factor === undefined) return gp;
  const larger: TrainingData = {
    count: data.count + 1,
    dimension: data.dimension,
    inputs: joined(data.inputs, input),
    values: joined(data.values, Float64Array.of(value)),
    variances: joined(data.variances, Float64Array.of(0)),
  };
  return withWeights({ ...gp, data: larger, covariances: gp.covariances.with(input), factor });
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const whole = new Float64Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

/** Least variance that a prediction has, relative to that of the prior; keeps ratios with it finite. */
export const LEAST_VARIANCE = 1e-12;

/**
 * Means at the observed inputs: what was measured less the noise that the process sees in it,
 *     k(X, X) α = z - Σ α,   Σ the variances of the noise.
 *
 * @returns in the quantity's unit; shape (count)
 */
export function fittedMeans(gp: GaussianProcess): Float64Array {
  const { data, weights, scale } = gp;
  return data.values.map((y, i) => y - scale * noiseOfResult(gp, i) * (weights[i] as number));
}

/** Variance of the noise in observation i, standardised. */
function noiseOfResult({ hyper, data, scale, factor }: GaussianProcess, i: number): number {
  return hyper.noise + (data.variances[i] as number) / (scale * scale) + factor.jitter;
}

/** Variances of the observations under the process, noise included and standardised; shape (count). */
export function variancesOfResults(gp: GaussianProcess): Float64Array {
  const { covariances, data } = gp;
  const none = new Float64Array(0);
  return data.values.map((_, i) => covariances.writeRow(none, 0, i) + noiseOfResult(gp, i));
}
