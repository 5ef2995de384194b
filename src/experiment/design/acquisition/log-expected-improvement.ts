import {
  log,
  logImprovement,
  logImprovementSlope,
  logSumExp,
  normalDensity,
  normalProbability,
} from "../../../numerics/index.ts";
import type { Predictive } from "../model/predictive.ts";
import type { Direction } from "../task/problem.ts";
import type { Acquisition } from "./acquisition.ts";

/** Hypotheses below this weight can't change the choice and aren't asked. */
const NEGLIGIBLE = 1e-3;

/**
 * ln of the improvement over the best value so far that is expected under all hypotheses together,
 *     ln Σ wₖ EIₖ(x),   EI = σ h((best - μ)/σ) when less is better,
 * with each hypothesis' prediction taken as Gaussian.
 *
 * @param best - expected value (not a noisy measurement) of the best setting so far; for a target, its distance
 *   from the target
 */
export function logExpectedImprovement(
  predictives: readonly Predictive[],
  direction: Direction,
  best: number,
): Acquisition {
  const asked = predictives.filter(({ weight }) => weight > NEGLIGIBLE || predictives.length === 1);
  const logWeights = asked.map(({ weight }) => log(weight));
  const single = asked.length === 1 && direction.kind !== "target" ? asked[0]?.derive : undefined;
  const sign = direction.kind === "maximise" ? -1 : 1;
  return {
    method: "log expected improvement",
    value: (setting, features) =>
      logSumExp(
        asked.map((predictive, k) => {
          const { mean, sd } = predictive.expect(setting, features);
          const value = logImprovementOf(direction, best, mean, sd);
          return Number.isNaN(value) ? -Infinity : value + (logWeights[k] as number);
        }),
      ),
    ...(single && {
      derive: (features: Float64Array, gradient: Float64Array) => {
        const { mean, variance, meanGradient, varianceGradient } = single(features);
        const sd = Math.sqrt(variance);
        const u = (sign * (best - mean)) / sd;
        const slope = logImprovementSlope(u);
        // d ln(σ h(u)) = (1 - u·slope)/σ dσ - sign·slope/σ dμ,  dσ = dσ²/2σ
        for (let k = 0; k < gradient.length; k++)
          gradient[k] =
            ((1 - u * slope) * (varianceGradient[k] as number)) / (2 * variance) -
            (sign * slope * (meanGradient[k] as number)) / sd;
        return logImprovement(u) + log(sd);
      },
    }),
  };
}

/** ln EI of one Gaussian prediction; a prediction without spread is worth what it is sure to gain. */
export function logImprovementOf(direction: Direction, best: number, mean: number, sd: number): number {
  if (direction.kind === "target") return logTargetImprovement(mean - direction.value, sd, best);
  const gain = direction.kind === "minimise" ? best - mean : mean - best;
  if (sd <= 0) return gain > 0 ? log(gain) : -Infinity;
  return logImprovement(gain / sd) + log(sd);
}

/**
 * ln E[max(0, best - |y|)] for y ~ N(mean, sd²): the tent max(0, best - |y|) is a sum of three ramps, each with
 * the closed form of expected improvement.
 */
function logTargetImprovement(mean: number, sd: number, best: number): number {
  const distance = Math.abs(mean);
  if (sd <= 0) return distance < best ? log(best - distance) : -Infinity;
  const tent = ramp((distance + best) / sd) - 2 * ramp(distance / sd) + ramp((distance - best) / sd);
  // Far outside the three ramps cancel; the near one alone, an upper bound, keeps the order there.
  return tent > 1e-12 * (1 + distance / sd)
    ? log(tent * sd)
    : Math.min(logImprovement((best - distance) / sd), log(1e-12 * (1 + distance / sd))) + log(sd);
}

function ramp(u: number): number {
  return normalDensity(u) + u * normalProbability(u);
}
