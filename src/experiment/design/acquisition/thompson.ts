import type { Random } from "../../../base/random.ts";
import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { samplePathOf } from "../../../hypothesis/surrogate/sample-path.ts";
import type { Acquisition } from "./acquisition.ts";

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
  };
}
