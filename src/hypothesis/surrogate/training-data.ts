import type { Random } from "../../base/random.ts";
import { encodeAll, type FeatureMap } from "../features.ts";
import type { Observation } from "../observation.ts";
import { type TrainingData } from "./gaussian-process.ts";

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
  return data.count <= most ? data : rowsOf(data, bestAndRandom(data, most, 0, random));
}

/**
 * Rows that stand for all: those of the largest values, and a random choice of the others.
 *
 * @param most - how many are wanted
 * @param share - part of them that the largest values make up, 0 … 1
 * @returns in rising order; all rows when they are no more than `most`
 */
export function bestAndRandom(data: TrainingData, most: number, share: number, random: Random): number[] {
  const rows = Array.from({ length: data.count }, (_, row) => row);
  if (data.count <= most) return rows;
  const keys = rows.map(() => random.uniform());
  const byValue = [...rows].sort((a, b) => (data.values[b] as number) - (data.values[a] as number) || a - b);
  const best = Math.floor(share * most);
  const others = byValue.slice(best).sort((a, b) => (keys[a] as number) - (keys[b] as number));
  return [...byValue.slice(0, best), ...others.slice(0, most - best)].sort((a, b) => a - b);
}

/** The data of some rows, in the order of the rows. */
export function rowsOf(data: TrainingData, rows: readonly number[]): TrainingData {
  const { dimension } = data;
  const inputs = new Float64Array(rows.length * dimension);
  for (const [k, row] of rows.entries())
    inputs.set(data.inputs.subarray(row * dimension, (row + 1) * dimension), k * dimension);
  return {
    count: rows.length,
    dimension,
    inputs,
    values: Float64Array.from(rows, (row) => data.values[row] as number),
    variances: Float64Array.from(rows, (row) => data.variances[row] as number),
  };
}
