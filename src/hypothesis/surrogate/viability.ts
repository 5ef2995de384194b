import {
  type Cholesky,
  choleskyOf,
  exp,
  log,
  logDeterminant,
  logNormalProbability,
  normalDensity,
  normalProbability,
  normalQuantile,
  solveLower,
  solveUpper,
} from "../../numerics/index.ts";
import { correlate } from "./covariance/kernel.ts";
import { fillSquares } from "./covariance/kernel-factor.ts";

/** Which settings gave a result: features row after row, and 1 or -1 for each. */
export interface Trials {
  readonly count: number;
  readonly dimension: number;
  /** Shape (count × dimension). */
  readonly inputs: Float64Array;
  /** 1 where the experiment gave a result, -1 where it failed; shape (count). */
  readonly signs: Float64Array;
}

/** Where experiments give a result. */
export interface Viability {
  /** Probability of a result at features from `at` on. */
  probability(x: Float64Array, at?: number): number;
  /** ln of the probability, with its derivative by the features written into `gradient`. */
  derive(x: Float64Array, gradient: Float64Array): number;
}

/** Lengths that are tried, as multiples of √d, and variances of the latent function. */
const LENGTHS = [0.1, 0.2, 0.4, 0.8];
const SIGNALS = [1, 4];
const NEWTON_STEPS = 20;
const CONVERGED = 1e-6;

interface Latent {
  readonly length: number;
  readonly signal: number;
  readonly mean: number;
  /** ∇ ln p(signs | f) at the mode; shape (count). */
  readonly pull: Float64Array;
  /** √W, the root of the curvature at the mode; shape (count). */
  readonly root: Float64Array;
  /** Factor of I + √W K √W. */
  readonly factor: Cholesky;
  readonly logEvidence: number;
}

/**
 * Learns where experiments fail: Gaussian process classification with a probit likelihood and Laplace's
 * approximation; the length and the variance of the latent function are those of largest evidence.
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithms 3.1 and 3.2.
 *
 * @returns the probability of a result anywhere
 */
export function viabilityOf(trials: Trials): Viability {
  const { count, dimension } = trials;
  const good = trials.signs.filter((sign) => sign > 0).length;
  const mean = normalQuantile((good + 0.5) / (count + 1));
  const squares = squaresOf(trials);
  let best: Latent | undefined;
  for (const share of LENGTHS) {
    for (const signal of SIGNALS) {
      const latent = modeOf(trials, squares, { length: share * Math.sqrt(dimension), signal, mean });
      if (latent !== undefined && (best === undefined || latent.logEvidence > best.logEvidence))
        best = latent;
    }
  }
  return best === undefined ? everywhere(good / count) : fromLatent(trials, best);
}

function everywhere(probability: number): Viability {
  return {
    probability: () => probability,
    derive: (_, gradient) => {
      gradient.fill(0);
      return log(probability);
    },
  };
}

/** Φ(f / √(1 + v)), f and v the mean and the variance of the latent function. */
function fromLatent({ count, dimension, inputs }: Trials, latent: Latent): Viability {
  const { length, signal, mean, pull, root, factor } = latent;
  const row = new Float64Array(count);
  const point = new Float64Array(dimension);
  const slopes = new Float64Array(count);
  const expect = (x: Float64Array, at: number): { f: number; variance: number } => {
    for (let k = 0; k < dimension; k++) point[k] = x[at + k] as number;
    fillSquares(row, inputs, count, point);
    for (let i = 0; i < count; i++) row[i] = (row[i] as number) / (length * length);
    correlate("matern52", row, count, slopes);
    let f = mean;
    for (let i = 0; i < count; i++) {
      const covariance = signal * (row[i] as number);
      f += covariance * (pull[i] as number);
      row[i] = covariance * (root[i] as number);
    }
    solveLower(factor, row);
    let variance = signal;
    for (let i = 0; i < count; i++) variance -= (row[i] as number) * (row[i] as number);
    return { f, variance: Math.max(0, variance) };
  };
  return {
    probability: (x, at = 0) => {
      const { f, variance } = expect(x, at);
      return normalProbability(f / Math.sqrt(1 + variance));
    },
    derive: (x, gradient) => {
      const { f, variance } = expect(x, 0);
      const width = Math.sqrt(1 + variance);
      const u = f / width;
      const ln = logNormalProbability(u);
      // d ln Φ(u) = φ(u)/Φ(u) du,  du = df/w - u dv/2w²
      const ratio = exp(-0.5 * u * u - ln) / Math.sqrt(2 * Math.PI);
      const weights = solveUpper(factor, row);
      gradient.fill(0);
      for (let i = 0, from = 0; i < count; i++, from += dimension) {
        const byCovariance =
          (pull[i] as number) / width + (u / (width * width)) * (root[i] as number) * (weights[i] as number);
        const by = (2 * ratio * signal * byCovariance * (slopes[i] as number)) / (length * length);
        for (let k = 0; k < dimension; k++)
          gradient[k] = (gradient[k] as number) + by * ((point[k] as number) - (inputs[from + k] as number));
      }
      return ln;
    },
  };
}

/** Squared distances of all pairs; shape (count × count). */
function squaresOf({ count, dimension, inputs }: Trials): Float64Array {
  const squares = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const point = inputs.subarray(i * dimension, (i + 1) * dimension);
    fillSquares(squares.subarray(i * count, (i + 1) * count), inputs, count, point);
  }
  return squares;
}

/** Newton's steps to the most probable latent function. */
function modeOf(
  { count: n, signs }: Trials,
  squares: Float64Array,
  { length, signal, mean }: Pick<Latent, "length" | "signal" | "mean">,
): Latent | undefined {
  const covariance = squares.map((square) => square / (length * length));
  correlate("matern52", covariance, covariance.length, new Float64Array(covariance.length));
  for (let i = 0; i < covariance.length; i++) covariance[i] = signal * (covariance[i] as number);
  let f: Float64Array = new Float64Array(n);
  let last = -Infinity;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const { pull, root, logLikelihood } = likelihoodAt(f, signs, mean);
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++)
        matrix[i * n + j] =
          (root[i] as number) * (covariance[i * n + j] as number) * (root[j] as number) + (i === j ? 1 : 0);
    }
    const factor = choleskyOf(matrix, n);
    if (factor === undefined) return undefined;
    const b = f.map((each, i) => (root[i] as number) * (root[i] as number) * each + (pull[i] as number));
    const kb = timesSymmetric(covariance, b);
    const inner = solveUpper(
      factor,
      solveLower(
        factor,
        kb.map((each, i) => each * (root[i] as number)),
      ),
    );
    const a = b.map((each, i) => each - (root[i] as number) * (inner[i] as number));
    const next = timesSymmetric(covariance, a);
    let value = logLikelihood;
    for (let i = 0; i < n; i++) value -= 0.5 * (a[i] as number) * (next[i] as number);
    const done = Math.abs(value - last) < CONVERGED;
    if (done)
      return { length, signal, mean, pull, root, factor, logEvidence: value - 0.5 * logDeterminant(factor) };
    last = value;
    f = next;
  }
  return undefined;
}

function likelihoodAt(
  f: Float64Array,
  signs: Float64Array,
  mean: number,
): { pull: Float64Array; root: Float64Array; logLikelihood: number } {
  const pull = new Float64Array(f.length);
  const root = new Float64Array(f.length);
  let logLikelihood = 0;
  for (let i = 0; i < f.length; i++) {
    const sign = signs[i] as number;
    const z = sign * ((f[i] as number) + mean);
    const probability = Math.max(normalProbability(z), 1e-300);
    const ratio = normalDensity(z) / probability;
    pull[i] = sign * ratio;
    root[i] = Math.sqrt(Math.max(1e-12, ratio * (ratio + z)));
    logLikelihood += Math.max(logNormalProbability(z), log(1e-300));
  }
  return { pull, root, logLikelihood };
}

function timesSymmetric(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (matrix[i * n + j] as number) * (vector[j] as number);
    product[i] = sum;
  }
  return product;
}
