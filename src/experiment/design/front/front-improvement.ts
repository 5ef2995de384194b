import { overviewOf, variancesAt } from "../../../hypothesis/surrogate/overview.ts";
import { type SamplePrediction, samplePredictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import type { SampledProcess } from "../../../hypothesis/surrogate/sampled-process.ts";
import { exp, type FreeRegion, freeRegion, log, logSumExp } from "../../../numerics/index.ts";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { bestRows, type Foresight } from "../acquisition/best-rows.ts";
import { expectedHypervolume, logExpectedHypervolume } from "./expected-hypervolume.ts";
import type { SampledFronts } from "./sampled-front.ts";

/** Share of the plain sum that its far tails may be; where they may be more, logarithms are summed instead. */
const NEGLIGIBLE = 1e-9;

/**
 * ln of the volume that a setting is expected to add to what the front dominates, averaged over what the front may be.
 * In each sample the front is known without noise, and the candidate is predicted in its light.
 * Source: Daulton, Balandat and Bakshy, Parallel Bayesian optimization of multiple noisy objectives with expected
 * hypervolume improvement (NeurIPS 2021), equation 3, with the inner expectation in closed form.
 *
 * @param reference - least score of each objective that counts; shape (objectives)
 */
export function frontImprovement(
  { models, fronts }: Pick<SampledFronts, "models" | "fronts">,
  reference: readonly number[],
): Acquisition {
  const regions = fronts.map((front) => freeRegion(front, reference));
  const predictors = models.map(samplePredictorOf);
  const average = averageOver(
    regions,
    models.map(({ weights }) => weights.length),
  );
  const means = new Float64Array(models.reduce((sum, { weights }) => sum + weights.length, 0));
  const sds = new Float64Array(models.length);
  return {
    method: "log noisy expected hypervolume improvement",
    value: (_, features) => {
      let at = 0;
      for (const [m, predict] of predictors.entries()) {
        const prediction = predict(features);
        means.set(prediction.means, at);
        at += prediction.means.length;
        sds[m] = Math.sqrt(prediction.variance);
      }
      return average(means, sds);
    },
    derive: (features, gradient) =>
      derived(
        regions,
        predictors.map((predict) => predict(features, 0, true)),
        gradient,
      ),
    best: (points, most, adjust) =>
      bestRows(models.map(foresight), points, most, {
        worth: average,
        bound: (expected, spreads) => average(expected, spreads, true),
        adjust,
      }),
  };
}

function foresight({ process, weights }: SampledProcess): Foresight {
  return {
    overview: (points) => overviewOf(process, points, weights),
    variances: (points, rows) => variancesAt(process, points, rows),
  };
}

/**
 * ln of the mean improvement over the samples.
 *
 * @param sizes - samples of each model
 * @returns a function of the means of all samples, one model after the other, and a spread of each model; it gives an
 *   upper bound when that is enough
 */
function averageOver(
  regions: readonly FreeRegion[],
  sizes: readonly number[],
): (means: ArrayLike<number>, sds: ArrayLike<number>, bound?: boolean) => number {
  const own = new Float64Array(sizes.length);
  const inSample = (s: number, means: ArrayLike<number>): Float64Array => {
    let first = 0;
    for (const [m, size] of sizes.entries()) {
      own[m] = means[first + Math.min(s, size - 1)] as number;
      first += size;
    }
    return own;
  };
  return (means, sds, bound = false) => {
    let sum = 0;
    let lost = 0;
    for (const [s, region] of regions.entries()) {
      const improvement = expectedHypervolume(region, { means: inSample(s, means), sds });
      sum += improvement.sum;
      lost += improvement.lost;
    }
    if (bound || lost < NEGLIGIBLE * sum) return log((sum + lost) / regions.length);
    const logs = regions.map((region, s) =>
      logExpectedHypervolume(region, { means: inSample(s, means), sds }),
    );
    return logSumExp(logs) - log(regions.length);
  };
}

/** The value, with its derivative by the features: each sample counts by its share of the mean. */
function derived(
  regions: readonly FreeRegion[],
  predictions: readonly SamplePrediction[],
  gradient: Float64Array,
): number {
  const sds = Float64Array.from(predictions, ({ variance }) => Math.sqrt(variance));
  const samples = regions.map((region, s) => {
    const means = Float64Array.from(predictions, (each) => each.means[sampleIn(each, s)] as number);
    const slopes = { byMean: new Float64Array(sds.length), bySd: new Float64Array(sds.length) };
    return { slopes, value: logExpectedHypervolume(region, { means, sds }, slopes) };
  });
  const total = logSumExp(samples.map(({ value }) => value));
  gradient.fill(0);
  for (const [s, { slopes, value }] of samples.entries()) {
    const share = exp(value - total);
    if (!(share > 0)) continue;
    for (const [m, prediction] of predictions.entries()) {
      const { meanGradients, varianceGradient } = prediction;
      const first = sampleIn(prediction, s) * gradient.length;
      // dσ = dσ²/2σ
      const bySquare = (share * (slopes.bySd[m] as number)) / (2 * (sds[m] as number));
      const byMean = share * (slopes.byMean[m] as number);
      for (let k = 0; k < gradient.length; k++)
        gradient[k] =
          (gradient[k] as number) +
          byMean * (meanGradients[first + k] as number) +
          bySquare * (varianceGradient[k] as number);
    }
  }
  return total - log(regions.length);
}

function sampleIn({ means }: SamplePrediction, sample: number): number {
  return Math.min(sample, means.length - 1);
}
