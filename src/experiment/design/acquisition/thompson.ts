import type { Random } from "../../../base/random.ts";
import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { type GaussianProcess } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { samplePathOf } from "../../../hypothesis/surrogate/sample-path.ts";
import { sampledAt } from "../../../hypothesis/surrogate/sampled-process.ts";
import type { Acquisition, Points } from "./acquisition.ts";
import { ordered } from "./best-rows.ts";

/** Up to so many candidates the function is drawn at all of them at once, which takes their cube; a path approximates. */
const JOINTLY = 400;

function jointDraw(process: GaussianProcess, { count, features }: Points, random: Random): Float64Array {
  const normals = Float64Array.from({ length: count }, () => random.normal());
  return sampledAt(process, features.subarray(0, count * process.data.dimension), [normals])
    .values[0] as Float64Array;
}

/**
 * Values settings by one function that the models hold for possible, so that a setting is chosen as often as it is
 * probably the best.
 * Source: Thompson, On the likelihood that one unknown probability exceeds another (Biometrika 25:285, 1933).
 *
 * @param members - processes of a score that is to be made large; one of them is drawn by its weight
 * @param floor - score of a setting that is worth nothing
 */
export function thompsonSample(
  members: readonly FittedProcess[],
  floor: number,
  random: Random,
): Acquisition {
  const place = random.uniform();
  let cumulated = 0;
  const drawn = members.find(({ weight }) => {
    cumulated += weight;
    return cumulated > place;
  });
  const { process } = (drawn ?? members[0]) as FittedProcess;
  const path = samplePathOf(process, random);
  return {
    method: "thompson sample",
    floor,
    value: (_, features) => path.value(features),
    derive: (features, gradient) => path.derive(features, gradient),
    best: (points, most, adjust = (value) => value) => {
      const values = points.count > JOINTLY ? undefined : jointDraw(process, points, random);
      const ranked = Array.from({ length: points.count }, (_, row) => ({
        row,
        value: ordered(adjust(values?.[row] ?? path.value(points.features, row * points.dimension), row)),
      }));
      return ranked.sort((a, b) => b.value - a.value || a.row - b.row).slice(0, most);
    },
  };
}
