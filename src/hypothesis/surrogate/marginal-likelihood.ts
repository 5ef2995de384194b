import {
  choleskyOf,
  exp,
  inverseOf,
  log,
  logDeterminant,
  type Objective,
  solveLower,
  solveUpper,
} from "../../numerics/index.ts";
import { standardisation, type TrainingData } from "./gaussian-process.ts";
import { correlate, type Kernel } from "./kernel.ts";

/** Penalty on one fitted number x: (x - centre)²/2spread² + tilt·x, with limits and a place to start. */
export interface LogPrior {
  readonly centre: number;
  readonly spread: number;
  readonly tilt: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly start: number;
}

/**
 * Priors of ln lengths, ln signal variance, ln noise variance and mean, all for standardised data.
 *
 * Lengths: LogNormal(√2 + ½ ln d, √3), which keeps the complexity of the process the same in any dimension
 * (Hvarfner, Hellsten and Nardi, Vanilla Bayesian optimization performs great in high dimensions, ICML 2024);
 * the density is that of the length itself, hence the tilt. Noise: centred on a share of e⁻⁵ of the variance,
 * as that paper's, but four times as wide, so that data that repeat exactly can take it down to 1e-6.
 */
export function priorsFor(groupCount: number, data: TrainingData): LogPrior[] {
  const centre = Math.SQRT2 + 0.5 * log(Math.max(1, groupCount));
  const length: LogPrior = {
    centre,
    spread: Math.sqrt(3),
    tilt: 1,
    minimum: log(0.025),
    maximum: log(1000),
    start: centre - 3,
  };
  const known = data.variances.every((variance) => variance > 0);
  const noiseCentre = known ? log(1e-5) : -5;
  return [
    ...Array.from({ length: groupCount }, () => length),
    { centre: 0, spread: 1, tilt: 0, minimum: log(0.02), maximum: log(50), start: 0 },
    { centre: noiseCentre, spread: 2.5, tilt: 0, minimum: log(1e-6), maximum: 0.5, start: noiseCentre },
    { centre: 0, spread: 1, tilt: 0, minimum: -4, maximum: 4, start: 0 },
  ];
}

/** What the likelihood needs to know of the process. */
export interface LikelihoodOptions {
  readonly kernel: Kernel;
  readonly groups: Int32Array;
  readonly groupCount: number;
}

/**
 * -ln p(y | θ) - ln p(θ) up to a constant, with its gradient:
 *     ½ rᵀK⁻¹r + ½ ln|K|,   ∂/∂θ = -½ tr((αα ᵀ - K⁻¹) ∂K/∂θ),   α = K⁻¹r
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equations 5.8 and 5.9.
 *
 * @returns a function of (ln lengths…, ln signal variance, ln noise variance, mean); ∞ where K has no factor
 */
export function negativeLogPosterior(
  data: TrainingData,
  options: LikelihoodOptions,
  priors: readonly LogPrior[],
): Objective {
  const { count: n } = data;
  const { groupCount: groups, kernel } = options;
  const { offset, scale } = standardisation(data.values);
  const differences = squaredDifferences(data, options);
  const covariance = new Float64Array(n * n);
  const pairs = (n * (n - 1)) / 2;
  const correlations = new Float64Array(pairs);
  const slopes = new Float64Array(pairs);
  const inverseSquares = new Float64Array(groups);

  const fillCovariance = (signal: number, noise: number): void => {
    correlations.fill(0);
    for (let g = 0; g < groups; g++)
      addTimes(correlations, differences[g] as Float64Array, inverseSquares[g] as number);
    correlate(kernel, correlations, pairs, slopes);
    for (let i = 0, pair = 0; i < n; i++) {
      for (let j = 0; j < i; j++, pair++) covariance[i * n + j] = signal * (correlations[pair] as number);
      covariance[i * n + i] = signal + noise + (data.variances[i] as number) / (scale * scale);
    }
  };

  return (x, gradient) => {
    for (let g = 0; g < groups; g++) inverseSquares[g] = exp(-2 * (x[g] as number));
    const signal = exp(x[groups] as number);
    const noise = exp(x[groups + 1] as number);
    const mean = x[groups + 2] as number;
    fillCovariance(signal, noise);
    const factor = choleskyOf(covariance, n);
    if (factor === undefined) return Infinity;
    const residuals = data.values.map((y) => (y - offset) / scale - mean);
    const weights = solveUpper(factor, solveLower(factor, residuals.slice()));
    const inverse = inverseOf(factor);
    gradient.fill(0);
    let value = 0.5 * logDeterminant(factor);
    let trace = 0;
    let bySignal = 0;
    for (let i = 0, pair = 0; i < n; i++) {
      const weight = weights[i] as number;
      value += 0.5 * weight * (residuals[i] as number);
      gradient[groups + 2] = (gradient[groups + 2] as number) - weight;
      for (let j = 0; j < i; j++, pair++) {
        const w = weight * (weights[j] as number) - (inverse[i * n + j] as number);
        bySignal -= w * (covariance[i * n + j] as number);
        slopes[pair] = 2 * w * signal * (slopes[pair] as number);
      }
      trace += weight * weight - (inverse[i * n + i] as number);
    }
    for (let g = 0; g < groups; g++)
      gradient[g] = dot(slopes, differences[g] as Float64Array) * (inverseSquares[g] as number);
    gradient[groups] = bySignal - 0.5 * signal * trace;
    gradient[groups + 1] = -0.5 * noise * trace;
    return value + addPenalties(x, gradient, priors);
  };
}

function addPenalties(x: Float64Array, gradient: Float64Array, priors: readonly LogPrior[]): number {
  let penalty = 0;
  for (const [i, { centre, spread, tilt }] of priors.entries()) {
    const distance = ((x[i] as number) - centre) / spread;
    penalty += 0.5 * distance * distance + tilt * (x[i] as number);
    gradient[i] = (gradient[i] as number) + distance / spread + tilt;
  }
  return penalty;
}

/** (xᵢ - xⱼ)² summed by length-scale, for i > j in the order of the lower triangle; shape (groups) of shape (pairs). */
function squaredDifferences(data: TrainingData, { groups, groupCount }: LikelihoodOptions): Float64Array[] {
  const { count: n, dimension, inputs } = data;
  const squares = Array.from({ length: groupCount }, () => new Float64Array((n * (n - 1)) / 2));
  for (const [k, group] of groups.entries()) {
    const own = squares[group] as Float64Array;
    for (let i = 0, pair = 0; i < n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const difference = (inputs[i * dimension + k] as number) - (inputs[j * dimension + k] as number);
        own[pair] = (own[pair] as number) + difference * difference;
      }
    }
  }
  return squares;
}

function addTimes(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (other[i] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
