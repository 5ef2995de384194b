import { encodeAll, type FeatureMap } from "../features.ts";
import type { Observation } from "../observation.ts";
import type { TrainingData } from "./gaussian-process.ts";

/** The observations of one measurement as a Gaussian process takes them; experiments without it are left out. */
export function trainingDataOf(
  map: FeatureMap,
  observations: readonly Observation[],
  measurement: string,
): TrainingData {
  const settings = [];
  const values = [];
  const variances = [];
  for (const { setting, outcome } of observations) {
    const observed = outcome.kind === "measured" ? outcome.values[measurement] : undefined;
    if (observed === undefined || !Number.isFinite(observed.value)) continue;
    settings.push(setting);
    values.push(observed.value);
    variances.push(observed.standardUncertainty ** 2);
  }
  return {
    count: values.length,
    dimension: map.dimension,
    inputs: encodeAll(map, settings),
    values: Float64Array.from(values),
    variances: Float64Array.from(variances),
  };
}
