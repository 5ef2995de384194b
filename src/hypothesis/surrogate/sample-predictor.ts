import { solveLower, solveUpper } from "../../numerics/index.ts";
import { fillSquares, LEAST_VARIANCE } from "./gaussian-process.ts";
import { correlate } from "./kernel.ts";
import type { SampledProcess } from "./sampled-process.ts";

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
export function samplePredictorOf({ process, weights }: SampledProcess): SamplePredictor {
  const { data, hyper, kernel, offset, scale, factor, scaled } = process;
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
  const addSlopes = (into: Float64Array, at: number, shares: Float64Array, times: number): void => {
    for (let i = 0, row = 0; i < count; i++, row += dimension) {
      const by = 2 * signal * times * (slopes[i] as number) * (shares[i] as number);
      for (let k = 0; k < dimension; k++)
        into[at + k] =
          (into[at + k] as number) +
          (by * ((point[k] as number) - (scaled[row + k] as number))) / (lengths[k] as number);
    }
  };
  const gradients = (): void => {
    result.meanGradients.fill(0);
    result.varianceGradient.fill(0);
    for (const [s, own] of weights.entries()) addSlopes(result.meanGradients, s * dimension, own, scale);
    addSlopes(result.varianceGradient, 0, solveUpper(factor, covariances), -2 * scale * scale);
  };
  return (x, at = 0, withGradient = false) => {
    for (let k = 0; k < dimension; k++) point[k] = (x[at + k] as number) / (lengths[k] as number);
    fillSquares(covariances, scaled, count, point, process.apart);
    correlate(kernel, covariances, count, withGradient ? slopes : undefined);
    for (let i = 0; i < count; i++) covariances[i] = signal * (covariances[i] as number);
    for (const [s, own] of weights.entries())
      result.means[s] = offset + scale * (hyper.mean + dot(covariances, own, count));
    solveLower(factor, covariances);
    const variance = signal - dot(covariances, covariances, count);
    result.variance = scale * scale * Math.max(variance, LEAST_VARIANCE * signal);
    if (withGradient) gradients();
    return result;
  };
}

/** Means of many points in each sample, with an upper bound of each variance. */
export interface SampleOutlook {
  /** Shape (samples) of shape (points). */
  readonly means: readonly Float64Array[];
  /** Shape (points). */
  readonly bounds: Float64Array;
}

/**
 * Means of many points in each sample, with bounds on their variances that tell which ones are worth more work.
 *
 * @param points - features row after row; shape (points × dimension)
 */
export function sampleOutlookOf({ process, weights }: SampledProcess, points: Float64Array): SampleOutlook {
  const { data, hyper, kernel, offset, scale, scaled, factor } = process;
  const { count, dimension } = data;
  const total = points.length / dimension;
  const means = weights.map(() => new Float64Array(total));
  const bounds = new Float64Array(total);
  const row = new Float64Array(count);
  const point = new Float64Array(dimension);
  const diagonal = data.variances.map(
    (variance) => hyper.signal + hyper.noise + variance / (scale * scale) + factor.jitter,
  );
  for (let p = 0; p < total; p++) {
    for (let k = 0; k < dimension; k++)
      point[k] = (points[p * dimension + k] as number) / (hyper.lengths[k] as number);
    fillSquares(row, scaled, count, point, process.apart);
    correlate(kernel, row, count);
    for (const [s, own] of weights.entries())
      (means[s] as Float64Array)[p] = offset + scale * (hyper.mean + hyper.signal * dot(row, own, count));
    let known = 0;
    for (let i = 0; i < count; i++)
      known = Math.max(known, ((row[i] as number) * (row[i] as number)) / (diagonal[i] as number));
    bounds[p] = scale * scale * hyper.signal * Math.max(1 - hyper.signal * known, LEAST_VARIANCE);
  }
  return { means, bounds };
}

function dot(a: Float64Array, b: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
