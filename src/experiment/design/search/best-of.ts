import type { Setting } from "../../../hypothesis/parameter.ts";
import type { Acquisition, Points, RankedRow } from "../acquisition/acquisition.ts";

/**
 * The candidates with the largest acquisition value, the best first; of equals the first.
 *
 * @param settingOf - the setting of a row of `points`
 * @param most - how many are wanted, at least 1
 */
export function bestOf(
  acquisition: Acquisition,
  points: Points,
  settingOf: (row: number) => Setting,
  most: number,
): RankedRow[] {
  if (acquisition.best !== undefined && points.dimension > 0)
    return acquisition.best({ ...points, settingOf }, most);
  const { count, dimension, features } = points;
  const ranked: RankedRow[] = [];
  for (let row = 0; row < count; row++) {
    const own = features.subarray(row * dimension, (row + 1) * dimension);
    const value = acquisition.value(settingOf(row), own);
    ranked.push({ row, value: Number.isNaN(value) ? -Infinity : value });
  }
  return ranked.sort((a, b) => b.value - a.value || a.row - b.row).slice(0, most);
}
