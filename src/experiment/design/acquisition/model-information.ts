import { hypot, log, logNormalDensity, logSumExp, normalQuantile } from "../../../numerics/index.ts";
import type { Expectation, Predictive } from "../model/predictive.ts";
import type { Acquisition } from "./acquisition.ts";

/** Equally probable outcomes per hypothesis; with 24 the sum is good to about 1 % of a nat. */
const NODES: readonly number[] = Array.from({ length: 24 }, (_, k) => normalQuantile((k + 0.5) / 24));

/**
 * Mutual information between which hypothesis is right and the next outcome,
 *     I = Σ wₖ E_k[ln pₖ(y) - ln Σ wⱼ pⱼ(y)],
 * with Gaussian predictions, noise included; the expectation is a sum over equally probable outcomes.
 *
 * @param outcomes - prediction of each hypothesis with noise in `sd`, and weights that sum to 1
 * @returns nats, between 0 and the entropy of the weights
 */
export function modelInformation(outcomes: readonly (Expectation & { weight: number })[]): number {
  let information = 0;
  for (const own of outcomes) {
    let sum = 0;
    for (const z of NODES) {
      const y = own.mean + own.sd * z;
      const mixture = logSumExp(
        outcomes.map(({ mean, sd, weight }) => log(weight) + logNormalDensity(y, mean, sd)),
      );
      sum += logNormalDensity(y, own.mean, own.sd) - mixture;
    }
    information += (own.weight * sum) / NODES.length;
  }
  return Math.max(0, information);
}

/** Hypotheses below this weight are as good as refuted and are not asked. */
const REFUTED = 1e-4;

/** Values a setting by what its outcome will say about which hypothesis is right. */
export function discrimination(predictives: readonly Predictive[]): Acquisition {
  const asked = predictives.filter(({ weight }) => weight > REFUTED);
  const total = asked.reduce((sum, { weight }) => sum + weight, 0);
  return {
    method: "mutual information between hypotheses",
    floor: 0,
    value: (setting, features) => {
      const outcomes = asked.map((predictive) => {
        const { mean, sd } = predictive.expect(setting, features);
        const spread = hypot(sd, predictive.noise);
        return {
          mean,
          sd: Math.max(spread, 1e-9 * Math.abs(mean), 1e-300),
          weight: predictive.weight / total,
        };
      });
      return modelInformation(outcomes.filter(({ mean }) => Number.isFinite(mean)));
    },
  };
}
