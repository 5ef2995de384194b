import { randomStream } from "../../base/random.ts";
import { featureMap } from "../../hypothesis/features.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import { fitGaussianProcess } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import type { Surrogate } from "../../hypothesis/surrogate/surrogate.ts";
import { surrogateTuning } from "../../hypothesis/surrogate/surrogate-tuning.ts";
import { trainingDataOf } from "../../hypothesis/surrogate/training-data.ts";

/** What a refit depends on. */
export interface Refit {
  readonly surrogate: Surrogate;
  readonly measurement: string;
  readonly parameters: readonly Parameter[];
  readonly observations: readonly Observation[];
  readonly warmStart: readonly number[] | undefined;
  readonly seed: number;
}

/**
 * Fits a surrogate's Gaussian process to all observations of a measurement.
 *
 * @returns logarithms of the kernel's parameters, or what the last fit gave when there is nothing to fit
 */
export function refitSurrogate(refit: Refit): readonly number[] | undefined {
  const { surrogate, measurement, parameters, observations, warmStart, seed } = refit;
  const map = featureMap(parameters);
  const [best] = fitGaussianProcess(trainingDataOf(map, observations, measurement), {
    ...surrogateTuning(surrogate, map, ["matern52"]),
    random: randomStream(seed, observations.length, `fit of ${measurement}`),
    warmStart,
  });
  return best?.logParameters ?? warmStart;
}
