import { solveLower, solveUpper } from "../../numerics/index.ts";
import { type GaussianProcess, LEAST_VARIANCE } from "./gaussian-process.ts";
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
  const { data, hyper, covariances: expected, offset, scale, factor } = process;
  const { count, dimension } = data;
  const covariances = new Float64Array(count);
  const result: SamplePrediction = {
    means: new Float64Array(weights.length),
    variance: 0,
    meanGradients: new Float64Array(weights.length * dimension),
    varianceGradient: new Float64Array(dimension),
  };
  const meanIn = (own: Float64Array): number => {
    let mean = hyper.mean;
    for (let i = 0; i < count; i++) mean += (covariances[i] as number) * (own[i] as number);
    return offset + scale * mean;
  };
  return (x, at = 0, withGradient = false) => {
    const prior = expected.write(covariances, count, x, at);
    for (let s = 0; s < weights.length; s++) result.means[s] = meanIn(weights[s] as Float64Array);
    solveLower(factor, covariances);
    let variance = prior;
    for (let i = 0; i < count; i++) variance -= (covariances[i] as number) * (covariances[i] as number);
    result.variance = scale * scale * Math.max(variance, LEAST_VARIANCE * prior);
    if (!withGradient) return result;
    for (let s = 0; s < weights.length; s++)
      expected.writeSlope(weights[s] as Float64Array, scale, 0, result.meanGradients, s * dimension);
    const square = scale * scale;
    expected.writeSlope(solveUpper(factor, covariances), -2 * square, square, result.varianceGradient);
    return result;
  };
}
