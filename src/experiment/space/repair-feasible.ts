import type { Setting } from "../../hypothesis/parameter.ts";
import { isFeasible, violation } from "./feasibility.ts";
import { neighboursOf } from "./neighbours.ts";
import type { Space } from "./space.ts";

/** Neighbours looked at in all; ends descents that creep. */
const PATIENCE = 20_000;

/**
 * Moves a setting towards the feasible part by whichever neighbour lacks least, at ever smaller distances.
 *
 * @returns undefined when it gets stuck outside
 */
export function repairFeasible(space: Space, start: Setting): Setting | undefined {
  let setting = start;
  let lack = violation(space, setting);
  let seen = 0;
  for (let radius = 0.5; radius > 1e-4 && lack > 0 && seen < PATIENCE; ) {
    let better: Setting | undefined;
    for (const neighbour of neighboursOf(space, setting, radius)) {
      seen += 1;
      const other = violation(space, neighbour);
      if (other < lack) {
        lack = other;
        better = neighbour;
      }
    }
    if (better === undefined) radius /= 2;
    else setting = better;
  }
  return isFeasible(space, setting) ? setting : undefined;
}
