import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { type Prediction, predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import { trainingDataOf } from "../../../hypothesis/surrogate/training-data.ts";
import { exp, log, logNormalInterval, logStandardNormalDensity, logSumExp } from "../../../numerics/index.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { ChoiceTask } from "../model/choice-task.ts";
import { fitsOf } from "../model/fits.ts";
import { membersWithPending } from "../model/predictive.ts";
import { scoreModelOf } from "../model/score-model.ts";
import { lossOf } from "../task/loss.ts";
import type { OutcomeLimit } from "../task/outcome-limit.ts";
import type { Direction } from "../task/problem.ts";
import type { Factor } from "./factor.ts";

/** What a limited measurement is expected to be, and between which values it should stay; on one scale. */
interface LimitModel {
  readonly members: readonly FittedProcess[];
  readonly least: number;
  readonly most: number;
}

/**
 * The probability that a setting keeps the limits of the campaign, each measurement with a surrogate of its own; noise
 * is left out, since the limits are about the setting and not about one measurement of it.
 * Source: Gardner et al., Bayesian optimization with inequality constraints (ICML 2014), equation 3.
 *
 * @returns undefined where there are no limits, or nothing is measured
 */
export function limitsFactor(task: ChoiceTask): Factor | undefined {
  const models = (task.problem.limits ?? []).flatMap((limit) => modelOf(task, limit) ?? []);
  if (models.length === 0) return undefined;
  const parts = models.map(({ members, least, most }) => ({
    least,
    most,
    predictors: members.map(({ process, weight }) => ({ predict: predictorOf(process), weight })),
  }));
  return {
    value: (_, features, at) =>
      parts.reduce(
        (sum, { predictors, least, most }) =>
          sum +
          logSumExp(
            predictors.map(
              ({ predict, weight }) => log(weight) + logWithin(predict(features, at), least, most),
            ),
          ),
        0,
      ),
    derive: (features, gradient) => {
      gradient.fill(0);
      return parts.reduce((sum, { predictors, least, most }) => {
        const logs = predictors.map(({ predict, weight }) => {
          const prediction = predict(features, 0, true);
          return { prediction, value: log(weight) + logWithin(prediction, least, most) };
        });
        const total = logSumExp(logs.map(({ value }) => value));
        for (const [k, { prediction, value }] of logs.entries()) {
          const share = exp(value - total);
          const inside = value - log(predictors[k]?.weight as number);
          if (share > 0) addSlopes(gradient, prediction, { least, most, inside, share });
        }
        return sum + total;
      }, 0);
    },
  };
}

/**
 * On one side a limit asks for a high score, and the score's scale keeps outliers from having a say; between two limits
 * values stay as they are.
 */
function modelOf(task: ChoiceTask, limit: OutcomeLimit): LimitModel | undefined {
  const { measurement, atLeast, atMost } = limit;
  if (atLeast !== undefined && atMost !== undefined) {
    const map = spaceFeatures(task.problem.space);
    const fitted = fitsOf(task, measurement, map, trainingDataOf(map, task.data, measurement));
    if (fitted.length === 0) return undefined;
    return { members: membersWithPending(fitted, map, task.pending), least: atLeast, most: atMost };
  }
  const direction: Direction = { kind: atMost === undefined ? "maximise" : "minimise" };
  const model = scoreModelOf(task, { measurement, direction });
  if (model === undefined) return undefined;
  const least = model.warp.warp(-lossOf(direction, (atMost ?? atLeast) as number));
  return { members: model.members, least, most: Infinity };
}

function logWithin({ mean, variance }: Prediction, least: number, most: number): number {
  const sd = Math.sqrt(variance);
  return logNormalInterval((least - mean) / sd, (most - mean) / sd);
}

/** d ln [Φ(b) - Φ(a)] = (φ(b) db - φ(a) da) / [Φ(b) - Φ(a)], with dz = -(dμ + z dσ)/σ and dσ = dσ²/2σ. */
function addSlopes(
  gradient: Float64Array,
  { mean, variance, meanGradient, varianceGradient }: Prediction,
  { least, most, inside, share }: { least: number; most: number; inside: number; share: number },
): void {
  const sd = Math.sqrt(variance);
  let byMean = 0;
  let bySd = 0;
  for (const [limit, sign] of [
    [least, 1],
    [most, -1],
  ] as const) {
    if (!Number.isFinite(limit)) continue;
    const z = (limit - mean) / sd;
    const density = sign * exp(logStandardNormalDensity(z) - inside);
    byMean += density / sd;
    bySd += (density * z) / sd;
  }
  for (let k = 0; k < gradient.length; k++)
    gradient[k] =
      (gradient[k] as number) +
      share * (byMean * (meanGradient[k] as number) + (bySd * (varianceGradient[k] as number)) / (2 * sd));
}
