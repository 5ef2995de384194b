import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import { exp, log, logImprovement, logImprovementSlope, logSumExp } from "../../../numerics/index.ts";
import type { Acquisition } from "./acquisition.ts";
import { bestRows, foresightOf, type Worth } from "./best-rows.ts";

/**
 * ln of the improvement of a score over the best so far that the models of an ensemble expect, ln Σ wₘ σₘ h((μₘ - f*)/σₘ).
 * Source: Ament et al., Unexpected improvements to expected improvement (NeurIPS 2023).
 *
 * @param members - processes of a score that is to be made large
 * @param best - expected score of the best setting so far, noise taken out
 */
export function scoreImprovement(members: readonly FittedProcess[], best: number): Acquisition {
  const predictors = members.map(({ process, weight }) => ({
    predict: predictorOf(process),
    ln: log(weight),
  }));
  const worth: Worth = (means, sds) =>
    logSumExp(
      predictors.map(({ ln }, m) => {
        const sd = sds[m] as number;
        return ln + log(sd) + logImprovement(((means[m] as number) - best) / sd);
      }),
    );
  return {
    method: "log expected improvement",
    value: (_, features) => {
      const predictions = predictors.map(({ predict }) => predict(features));
      return worth(
        predictions.map(({ mean }) => mean),
        predictions.map(({ variance }) => Math.sqrt(variance)),
      );
    },
    derive: (features, gradient) => {
      gradient.fill(0);
      const parts = predictors.map(({ predict, ln }) => {
        const prediction = predict(features, 0, true);
        const sd = Math.sqrt(prediction.variance);
        const u = (prediction.mean - best) / sd;
        return { prediction, sd, u, value: ln + log(sd) + logImprovement(u) };
      });
      const total = logSumExp(parts.map(({ value }) => value));
      for (const { prediction, sd, u, value } of parts) {
        const share = exp(value - total);
        const slope = logImprovementSlope(u);
        // d ln(σ h(u)) = (1 - u·slope)/σ dσ + slope/σ dμ,  dσ = dσ²/2σ
        const byVariance = (share * (1 - u * slope)) / (2 * prediction.variance);
        const byMean = (share * slope) / sd;
        for (let k = 0; k < gradient.length; k++)
          gradient[k] =
            (gradient[k] as number) +
            byVariance * (prediction.varianceGradient[k] as number) +
            byMean * (prediction.meanGradient[k] as number);
      }
      return total;
    },
    best: (points, most, adjust) => bestRows(members.map(foresightOf), points, most, { worth, adjust }),
  };
}
