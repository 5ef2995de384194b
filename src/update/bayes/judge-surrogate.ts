import { featureMap } from "../../hypothesis/features.ts";
import type { Observation, ObservedValue } from "../../hypothesis/observation.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import { withLogParameters } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import { predictorOf } from "../../hypothesis/surrogate/prediction.ts";
import type { Surrogate } from "../../hypothesis/surrogate/surrogate.ts";
import { surrogateTuning } from "../../hypothesis/surrogate/surrogate-tuning.ts";
import { trainingDataOf } from "../../hypothesis/surrogate/training-data.ts";

/** With fewer values the spread of the data, which scales all that it predicts, is itself anybody's guess. */
const LEAST_DATA = 3;

/** What a surrogate's prediction rests on: the data and the fit before the observation. */
export interface SurrogateCase {
  readonly surrogate: Surrogate;
  readonly measurement: string;
  readonly noise: number;
  readonly parameters: readonly Parameter[];
  readonly past: readonly Observation[];
  readonly logParameters: readonly number[] | undefined;
}

/**
 * What a surrogate expected of an observation before it saw it, noise included.
 *
 * @returns undefined while it has too few data to be judged
 */
export function surrogateForecast(
  { surrogate, measurement, noise, parameters, past, logParameters }: SurrogateCase,
  { setting }: Observation,
  observed: ObservedValue,
): { mean: number; sd: number } | undefined {
  if (logParameters === undefined) return undefined;
  const map = featureMap(parameters);
  const data = trainingDataOf(map, past, measurement);
  if (data.count < LEAST_DATA) return undefined;
  const { kernels, ...tuning } = surrogateTuning(surrogate, map, ["matern52"]);
  const process = withLogParameters(data, logParameters, { ...tuning, kernel: kernels[0] ?? "matern52" });
  if (process === undefined) return undefined;
  const features = new Float64Array(map.dimension);
  map.encode(setting, features, 0);
  const { mean, variance } = predictorOf(process)(features);
  const fitted = process.hyper.noise * process.scale * process.scale;
  return {
    mean,
    sd: Math.sqrt(
      variance + Math.max(fitted, noise * noise, observed.standardUncertainty * observed.standardUncertainty),
    ),
  };
}
