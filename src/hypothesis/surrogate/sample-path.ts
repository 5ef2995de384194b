import type { Random } from "../../base/random.ts";
import { solveLower, solveUpper } from "../../numerics/index.ts";
import { type GaussianProcess } from "./gaussian-process.ts";
import { predictorOf } from "./prediction.ts";

/** One function that a Gaussian process holds for possible; in the quantity's unit. */
export interface SamplePath {
  value(x: Float64Array, at?: number): number;
  /** The value, with its derivative by the features written into `gradient`. */
  derive(x: Float64Array, gradient: Float64Array): number;
}

/**
 * Draws a function from a Gaussian process: a sum of random waves from the prior, moved by what the data say against
 * it, f(x) = g(x) + k(x, X) K⁻¹ (y - g(X) - ε).
 * Source: Wilson et al., Efficiently sampling functions from Gaussian process posteriors (ICML 2020), equation 12.
 */
export function samplePathOf(gp: GaussianProcess, random: Random): SamplePath {
  const { data, hyper, factor, offset, scale, covariances } = gp;
  const prior = covariances.sample(random);
  const residuals = data.values.map((value, i) => {
    const noise = Math.sqrt(hyper.noise + (data.variances[i] as number) / (scale * scale)) * random.normal();
    return (value - offset) / scale - hyper.mean - prior.atRow(i) - noise;
  });
  const update = predictorOf({ ...gp, weights: solveUpper(factor, solveLower(factor, residuals)) });
  const slopes = new Float64Array(data.dimension);
  return {
    value: (x, at = 0) => update(x, at).mean + scale * prior.value(x, at),
    derive: (x, gradient) => {
      const { mean, meanGradient } = update(x, 0, true);
      const own = prior.derive(x, slopes);
      for (let k = 0; k < gradient.length; k++)
        gradient[k] = (meanGradient[k] as number) + scale * (slopes[k] as number);
      return mean + scale * own;
    },
  };
}
