import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import type { Acquisition } from "./acquisition.ts";
import { bestRows, foresightOf, type Worth } from "./best-rows.ts";

/**
 * Upper confidence bound of a score, Σ wₘ (μₘ + β σₘ), over the models of an ensemble.
 * Source: Srinivas et al., Gaussian process optimization in the bandit setting (ICML 2010), with a constant β.
 *
 * @param members - processes of a score that is to be made large
 * @param beta - standard deviations, at least 0
 * @param floor - score of a setting that is worth nothing
 */
export function upperConfidenceBound(
  members: readonly FittedProcess[],
  beta: number,
  floor = 0,
): Acquisition {
  const predictors = members.map(({ process, weight }) => ({ predict: predictorOf(process), weight }));
  const weights = Float64Array.from(members, ({ weight }) => weight);
  const worth: Worth = (means, sds) => {
    let sum = 0;
    for (let m = 0; m < weights.length; m++)
      sum += (weights[m] as number) * ((means[m] as number) + beta * (sds[m] as number));
    return sum;
  };
  return {
    method: "upper confidence bound",
    floor,
    value: (_, features) => {
      let sum = 0;
      for (const { predict, weight } of predictors) {
        const { mean, variance } = predict(features);
        sum += weight * (mean + beta * Math.sqrt(variance));
      }
      return sum;
    },
    derive: (features, gradient) => {
      gradient.fill(0);
      let sum = 0;
      for (const { predict, weight } of predictors) {
        const { mean, variance, meanGradient, varianceGradient } = predict(features, 0, true);
        const sd = Math.sqrt(variance);
        sum += weight * (mean + beta * sd);
        // dσ = dσ²/2σ
        for (let k = 0; k < gradient.length; k++)
          gradient[k] =
            (gradient[k] as number) +
            weight * ((meanGradient[k] as number) + (beta * (varianceGradient[k] as number)) / (2 * sd));
      }
      return sum;
    },
    best: (points, most, adjust) => bestRows(members.map(foresightOf), points, most, { worth, adjust }),
  };
}
