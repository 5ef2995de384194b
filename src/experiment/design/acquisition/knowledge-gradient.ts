import { covariancesWith } from "../../../hypothesis/surrogate/covariances-with.ts";
import { type GaussianProcess } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { meansAt } from "../../../hypothesis/surrogate/overview.ts";
import { logExpectedMaximum } from "../../../numerics/index.ts";
import type { Acquisition } from "./acquisition.ts";

/** Observed settings among which the best is looked for; worse ones hardly become the best by one experiment. */
const MOST_RIVALS = 50;

/**
 * ln of how much better the best known setting is expected to be after one more, noisy, experiment; the best is looked
 * for among the observed settings and the candidate itself.
 * Source: Frazier, Powell and Dayanik, The knowledge-gradient policy for correlated normal beliefs (INFORMS J.
 * Computing 21:599, 2009); Scott, Frazier and Powell, The correlated knowledge gradient for continuous parameters
 * (SIAM J. Optim. 21:996, 2011).
 *
 * @param process - of a score that is to be made large
 * @param observed - features of settings that count as known, row after row; shape (settings × dimension)
 */
export function knowledgeGradient(process: GaussianProcess, observed: Float64Array): Acquisition {
  const rivals = bestOfObserved(process, observed);
  const means = meansAt(process, rivals);
  const expect = covariancesWith(process, rivals);
  const noise = process.scale * process.scale * process.hyper.noise;
  const levels = new Float64Array(means.length + 1);
  const slopes = new Float64Array(means.length + 1);
  levels.set(means);
  return {
    method: "knowledge gradient",
    value: (_, features) => {
      const { mean, variance, covariances } = expect(features);
      const spread = Math.sqrt(variance + noise);
      for (const [p, covariance] of covariances.entries()) slopes[p] = covariance / spread;
      levels[means.length] = mean;
      slopes[means.length] = variance / spread;
      return logExpectedMaximum(levels, slopes);
    },
  };
}

function bestOfObserved(process: GaussianProcess, observed: Float64Array): Float64Array {
  const { dimension } = process.data;
  const means = meansAt(process, observed);
  const rows = Array.from(means, (mean, row) => ({ mean, row }))
    .sort((a, b) => b.mean - a.mean || a.row - b.row)
    .slice(0, MOST_RIVALS);
  const best = new Float64Array(rows.length * dimension);
  for (const [k, { row }] of rows.entries())
    best.set(observed.subarray(row * dimension, (row + 1) * dimension), k * dimension);
  return best;
}
