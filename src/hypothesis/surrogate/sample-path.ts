import type { Random } from "../../base/random.ts";
import { cos, sin, solveLower, solveUpper } from "../../numerics/index.ts";
import { type GaussianProcess } from "./gaussian-process.ts";
import type { Kernel } from "./kernel.ts";
import { predictorOf } from "./prediction.ts";

/** One function that a Gaussian process holds for possible; in the quantity's unit. */
export interface SamplePath {
  value(x: Float64Array, at?: number): number;
  /** The value, with its derivative by the features written into `gradient`. */
  derive(x: Float64Array, gradient: Float64Array): number;
}

/** Waves whose sum stands for a draw from the prior; its covariance is then good to about 1/√1024. */
const WAVES = 1024;

/**
 * Draws a function from a Gaussian process: a sum of random waves from the prior, moved by what the data say against
 * it, f(x) = g(x) + k(x, X) K⁻¹ (y - g(X) - ε).
 * Source: Wilson et al., Efficiently sampling functions from Gaussian process posteriors (ICML 2020), equation 12.
 */
export function samplePathOf(gp: GaussianProcess, random: Random): SamplePath {
  const { data, hyper, factor, offset, scale, apart } = gp;
  const { count, dimension } = data;
  const waves = drawWaves(gp.kernel, dimension + (apart === undefined ? 0 : 1), random);
  const amplitude = Math.sqrt((2 * hyper.signal) / WAVES);
  const point = new Float64Array(waves.dimension);
  const prior = (gradient?: Float64Array): number => {
    let sum = 0;
    for (let w = 0, from = 0; w < WAVES; w++, from += waves.dimension) {
      let phase = waves.phases[w] as number;
      for (let k = 0; k < waves.dimension; k++)
        phase += (waves.frequencies[from + k] as number) * (point[k] as number);
      const height = amplitude * (waves.heights[w] as number);
      sum += height * cos(phase);
      if (gradient === undefined) continue;
      const slope = height * sin(phase);
      for (let k = 0; k < dimension; k++)
        gradient[k] = (gradient[k] as number) - slope * (waves.frequencies[from + k] as number);
    }
    return sum;
  };
  const residuals = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    point.set(gp.scaled.subarray(i * dimension, (i + 1) * dimension));
    if (apart !== undefined) point[dimension] = Math.sqrt(apart[i] as number);
    const noise = Math.sqrt(hyper.noise + (data.variances[i] as number) / (scale * scale)) * random.normal();
    residuals[i] = ((data.values[i] as number) - offset) / scale - hyper.mean - prior() - noise;
  }
  const update = predictorOf({ ...gp, weights: solveUpper(factor, solveLower(factor, residuals)) });
  const placeAt = (x: Float64Array, at: number): void => {
    for (let k = 0; k < dimension; k++) point[k] = (x[at + k] as number) / (hyper.lengths[k] as number);
    if (apart !== undefined) point[dimension] = 0;
  };
  const slopes = new Float64Array(dimension);
  return {
    value: (x, at = 0) => {
      placeAt(x, at);
      return update(x, at).mean + scale * prior();
    },
    derive: (x, gradient) => {
      placeAt(x, 0);
      const { mean, meanGradient } = update(x, 0, true);
      slopes.fill(0);
      const own = prior(slopes);
      for (let k = 0; k < dimension; k++)
        gradient[k] =
          (meanGradient[k] as number) + (scale * (slopes[k] as number)) / (hyper.lengths[k] as number);
      return mean + scale * own;
    },
  };
}

interface Waves {
  readonly dimension: number;
  /** Shape (waves × dimension). */
  readonly frequencies: Float64Array;
  readonly phases: Float64Array;
  readonly heights: Float64Array;
}

/** Degrees of freedom of the spectral density, a multivariate t: twice the smoothness of the kernel. */
const FREEDOM: Readonly<Record<Kernel, number>> = { matern52: 5, matern32: 3, rbf: Infinity };

/** Source: Rahimi and Recht, Random features for large-scale kernel machines (NIPS 2007). */
function drawWaves(kernel: Kernel, dimension: number, random: Random): Waves {
  const frequencies = new Float64Array(WAVES * dimension);
  const phases = new Float64Array(WAVES);
  const heights = new Float64Array(WAVES);
  const freedom = FREEDOM[kernel];
  for (let w = 0; w < WAVES; w++) {
    let square = 0;
    for (let k = 0; Number.isFinite(freedom) && k < freedom; k++) {
      const z = random.normal();
      square += z * z;
    }
    const wide = Number.isFinite(freedom) ? Math.sqrt(freedom / square) : 1;
    for (let k = 0; k < dimension; k++) frequencies[w * dimension + k] = wide * random.normal();
    phases[w] = 2 * Math.PI * random.uniform();
    heights[w] = random.normal();
  }
  return { dimension, frequencies, phases, heights };
}
