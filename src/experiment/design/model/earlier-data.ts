import type { Random } from "../../../base/random.ts";
import type { FeatureMap } from "../../../hypothesis/features.ts";
import { nearestRow } from "../../../hypothesis/nearest-row.ts";
import { type TrainingData } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { subsetOf } from "../../../hypothesis/surrogate/training-data.ts";
import { median } from "../../../numerics/index.ts";

/** Rows of one earlier campaign that are looked at; more of them cost time and say little that is new. */
const MOST_ROWS = 150;

/** What a fit over several campaigns works on. */
export interface JoinedData {
  readonly data: TrainingData;
  /** Length-scale that each feature belongs to; every earlier campaign has one of its own. Shape (dimension). */
  readonly groups: Int32Array;
  readonly groupCount: number;
}

/**
 * Puts the data of earlier campaigns behind those of the current one. Each earlier campaign gets a feature that is 1 on
 * its rows and 0 elsewhere: the length-scale of that feature, learned with the others, is how much its results say
 * about the current ones, so that results of something else end up saying nothing.
 * Source: the intrinsic coregionalisation model (Bonilla, Chai and Williams, Multi-task Gaussian process prediction,
 * NIPS 2007), with one positive correlation for each earlier campaign.
 *
 * Values keep their unit but are shifted by the median difference from the nearest earlier settings, since a drift of
 * the level alone doesn't move an optimum.
 *
 * @param current - may be empty
 */
export function joinEarlier(
  map: FeatureMap,
  current: TrainingData,
  earlier: readonly TrainingData[],
  random: Random,
): JoinedData {
  const parts = earlier.map((each) => shifted(subsetOf(each, MOST_ROWS, random), current));
  const all = [current, ...parts];
  const count = all.reduce((sum, part) => sum + part.count, 0);
  const dimension = map.dimension + parts.length;
  const inputs = new Float64Array(count * dimension);
  let row = 0;
  for (const [k, part] of all.entries()) {
    for (let i = 0; i < part.count; i++, row++) {
      inputs.set(part.inputs.subarray(i * map.dimension, (i + 1) * map.dimension), row * dimension);
      if (k > 0) inputs[row * dimension + map.dimension + k - 1] = 1;
    }
  }
  return {
    data: {
      count,
      dimension,
      inputs,
      values: Float64Array.from(all.flatMap(({ values }) => [...values])),
      variances: Float64Array.from(all.flatMap(({ variances }) => [...variances])),
    },
    groups: Int32Array.from([...map.groups, ...parts.map((_, k) => map.groupCount + k)]),
    groupCount: map.groupCount + parts.length,
  };
}

function shifted(earlier: TrainingData, current: TrainingData): TrainingData {
  if (current.count === 0 || earlier.count === 0) return earlier;
  const { dimension, inputs } = current;
  const rows = Array.from(earlier.values, (_, row) => row);
  const differences = Array.from(current.values, (value, i) => {
    const point = inputs.subarray(i * dimension, (i + 1) * dimension);
    const { row = 0 } = nearestRow(earlier.inputs, rows, point) ?? {};
    return value - (earlier.values[row] as number);
  });
  const shift = median(differences);
  return { ...earlier, values: earlier.values.map((value) => value + shift) };
}
