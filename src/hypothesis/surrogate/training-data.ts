import type { Random } from "../../base/random.ts";
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
    variances.push(observed.standardUncertainty * observed.standardUncertainty);
  }
  return {
    count: values.length,
    dimension: map.dimension,
    inputs: encodeAll(map, settings),
    values: Float64Array.from(values),
    variances: Float64Array.from(variances),
  };
}

/**
 * Some of the data, for work that all of them would make too slow: a random part, in their order.
 *
 * @returns the data themselves when they are no more than `most`
 */
export function subsetOf(data: TrainingData, most: number, random: Random): TrainingData {
  const { count, dimension } = data;
  if (count <= most) return data;
  const order = Array.from({ length: count }, (_, i) => ({ i, key: random.uniform() }));
  const chosen = order
    .sort((a, b) => a.key - b.key)
    .slice(0, most)
    .map(({ i }) => i)
    .sort((a, b) => a - b);
  const inputs = new Float64Array(most * dimension);
  for (const [k, i] of chosen.entries())
    inputs.set(data.inputs.subarray(i * dimension, (i + 1) * dimension), k * dimension);
  return {
    count: most,
    dimension,
    inputs,
    values: Float64Array.from(chosen, (i) => data.values[i] as number),
    variances: Float64Array.from(chosen, (i) => data.variances[i] as number),
  };
}
