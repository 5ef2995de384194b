import type { Random } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { isFeasible } from "./feasibility.ts";
import { moveIntoPolytope } from "./into-polytope.ts";
import type { Component } from "./mixture-amounts.ts";
import type { Relaxation } from "./relaxation.ts";
import { mixedCoordinate, type RelaxedPoint, settingOf } from "./relaxed-point.ts";
import { repairFeasible } from "./repair-feasible.ts";

/** Distances to keep from the polytope's sides, in lengths of the unit cube: inside where there is room, else on them. */
const MARGINS = [0.03, 1e-3, 0];

/** A feasible setting, looked for from a random point of the unit cube; undefined when it wasn't found from there. */
export function firstFeasible(relaxation: Relaxation, random: Random): Setting | undefined {
  const { space } = relaxation;
  const from = randomPoint(relaxation, random);
  let point = from;
  let nearest: Setting | undefined;
  for (const margin of MARGINS) {
    point = { ...point, y: point.y.slice() };
    // Where the margin can't be kept, the next try goes on from the best that there was.
    const setting = moveIntoPolytope(relaxation, point, margin) ? settingOf(relaxation, point) : undefined;
    if (setting === undefined) continue;
    if (isFeasible(space, setting)) return setting;
    nearest ??= setting;
    point = from;
  }
  return nearest === undefined ? undefined : repairFeasible(space, nearest);
}

/**
 * A point anywhere in the unit cube. Where few parts may be there, they are those that the constraints ask most of
 * when all may be there, up to chance.
 */
function randomPoint(relaxation: Relaxation, random: Random): RelaxedPoint {
  const { numeric, categorical, mixtures } = relaxation;
  const point = {
    y: Float64Array.from(numeric, () => random.uniform()),
    present: new Uint8Array(numeric.length).fill(1),
    choices: categorical.map(({ choices }) => choices[random.integer(choices.length)] as string),
  };
  const sparse = mixtures.filter(({ mixture }) => mixture.atMost !== undefined);
  if (sparse.length === 0) return point;
  const lower = new Float64Array(numeric.length);
  for (const { indices, components } of sparse)
    for (const [k, i] of indices.entries()) lower[i] = mixedCoordinate(components[k] as Component, 0);
  moveIntoPolytope(relaxation, point, 0, lower);
  for (const { mixture, indices, components } of sparse) {
    const most = mixture.atMost as number;
    const size = random.uniform() < 0.5 ? most : 1 + random.integer(most);
    const byAmount = indices
      .map((i, k) => ({
        i,
        key: amountAt(components[k] as Component, point.y[i] as number) * (0.5 + random.uniform()),
      }))
      .sort((a, b) => b.key - a.key);
    for (const { i } of byAmount.slice(size)) {
      point.present[i] = 0;
      point.y[i] = lower[i] as number;
    }
  }
  return point;
}

function amountAt({ minimum, maximum }: Component, y: number): number {
  return minimum + (maximum - minimum) * y;
}
