import { solveLower, solveUpper } from "../../numerics/index.ts";
import { fillSquares, type GaussianProcess, LEAST_VARIANCE } from "./gaussian-process.ts";
import { correlate } from "./kernel.ts";
import type { SampledProcess } from "./sampled-process.ts";

/** What a Gaussian process expects of the function, noise not included; in the quantity's unit. */
export interface Prediction {
  mean: number;
  variance: number;
  /** ∂mean/∂x; zeros unless asked for; shape (dimension). */
  readonly meanGradient: Float64Array;
  /** ∂variance/∂x; zeros unless asked for; shape (dimension). */
  readonly varianceGradient: Float64Array;
}

/** Predicts at the point that starts at `at` in `x`; the result is overwritten by the next call. */
export type Predictor = (x: Float64Array, at?: number, withGradient?: boolean) => Prediction;

/** Makes a predictor, which keeps its working memory between calls. */
export function predictorOf(process: GaussianProcess): Predictor {
  const predict = samplePredictorOf({ process, weights: [process.weights] });
  let result: Prediction | undefined;
  return (x, at, withGradient) => {
    const { means, variance, meanGradients, varianceGradient } = predict(x, at, withGradient);
    result ??= { mean: 0, variance, meanGradient: meanGradients, varianceGradient };
    result.mean = means[0] as number;
    result.variance = variance;
    return result;
  };
}

/** What a process expects of the function in each of its samples, noise not included; in the quantity's unit. */
export interface SamplePrediction {
  /** Shape (samples). */
  readonly means: Float64Array;
  variance: number;
  /** ∂mean/∂x; zeros unless asked for; shape (samples × dimension). */
  readonly meanGradients: Float64Array;
  /** ∂variance/∂x; zeros unless asked for; shape (dimension). */
  readonly varianceGradient: Float64Array;
}

/** Predicts at the point that starts at `at` in `x`; the result is overwritten by the next call. */
export type SamplePredictor = (x: Float64Array, at?: number, withGradient?: boolean) => SamplePrediction;

/** Makes a predictor, which keeps its working memory between calls. */
export function samplePredictorOf({
  process,
  weights,
}: Pick<SampledProcess, "process" | "weights">): SamplePredictor {
  const { data, hyper, kernel, offset, scale, factor, scaled, apart } = process;
  const { count, dimension } = data;
  const { lengths, signal } = hyper;
  const slopes = new Float64Array(count);
  const covariances = new Float64Array(count);
  const point = new Float64Array(dimension);
  const result: SamplePrediction = {
    means: new Float64Array(weights.length),
    variance: 0,
    meanGradients: new Float64Array(weights.length * dimension),
    varianceGradient: new Float64Array(dimension),
  };
  /** Σᵢ aᵢ ∂k(x, xᵢ)/∂x, times a factor. */
  const fillSlopes = (slope: Float64Array, from: number, shares: Float64Array, times: number): void => {
    slope.fill(0, from, from + dimension);
    for (let i = 0, at = 0; i < count; i++) {
      const by = 2 * signal * (slopes[i] as number) * scale * (shares[i] as number) * times;
      for (let k = 0; k < dimension; k++, at++)
        slope[from + k] = (slope[from + k] as number) + by * ((point[k] as number) - (scaled[at] as number));
    }
    for (let k = 0; k < dimension; k++)
      slope[from + k] = (slope[from + k] as number) / (lengths[k] as number);
  };
  const meanIn = (own: Float64Array): number => {
    let mean = hyper.mean;
    for (let i = 0; i < count; i++) mean += (covariances[i] as number) * (own[i] as number);
    return offset + scale * mean;
  };
  return (x, at = 0, withGradient = false) => {
    for (let k = 0; k < dimension; k++) point[k] = (x[at + k] as number) / (lengths[k] as number);
    fillSquares(covariances, scaled, count, point, apart);
    correlate(kernel, covariances, count, withGradient ? slopes : undefined);
    for (let i = 0; i < count; i++) covariances[i] = signal * (covariances[i] as number);
    for (let s = 0; s < weights.length; s++) result.means[s] = meanIn(weights[s] as Float64Array);
    solveLower(factor, covariances);
    let variance = signal;
    for (let i = 0; i < count; i++) variance -= (covariances[i] as number) * (covariances[i] as number);
    result.variance = scale * scale * Math.max(variance, LEAST_VARIANCE * signal);
    if (!withGradient) return result;
    for (let s = 0; s < weights.length; s++)
      fillSlopes(result.meanGradients, s * dimension, weights[s] as Float64Array, 1);
    fillSlopes(result.varianceGradient, 0, solveUpper(factor, covariances), -2 * scale);
    return result;
  };
}
