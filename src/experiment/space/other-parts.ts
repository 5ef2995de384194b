import type { Random } from "../../base/random.ts";
import { moveIntoPolytope } from "./into-polytope.ts";
import { ABSENT, type Component } from "./mixture-amounts.ts";
import type { Relaxation, RelaxedMixture } from "./relaxation.ts";
import { mixedCoordinate, type RelaxedPoint } from "./relaxed-point.ts";

/**
 * A point with one part of a mixture exchanged for another, taken out or put in.
 *
 * @returns undefined where the parts can't make up the total within the polytope
 */
export function withOtherParts(
  relaxation: Relaxation,
  point: RelaxedPoint,
  { mixture, indices, components }: RelaxedMixture,
  random: Random,
): RelaxedPoint | undefined {
  const there = indices.filter((i) => point.present[i] === 1);
  const absent = indices.filter((i) => point.present[i] === 0);
  const canAdd = there.length < (mixture.atMost ?? 0);
  const move = random.integer(4);
  const out = move === 0 ? undefined : there[random.integer(there.length)];
  const into = move === 1 ? undefined : absent[random.integer(absent.length)];
  if (out === undefined && (into === undefined || !canAdd)) return undefined;
  if (into === undefined && there.length < 2) return undefined;
  const component = (i: number): Component => components[indices.indexOf(i)] ?? ABSENT;
  const y = point.y.slice();
  const present = point.present.slice();
  let amount: number | undefined;
  if (out !== undefined) {
    const { minimum, maximum } = component(out);
    amount = minimum + (maximum - minimum) * (y[out] as number);
    y[out] = mixedCoordinate(component(out), 0);
    present[out] = 0;
  }
  if (into !== undefined) {
    y[into] = amount === undefined ? random.uniform() : mixedCoordinate(component(into), amount);
    present[into] = 1;
  }
  const moved = { ...point, y, present };
  return moveIntoPolytope(relaxation, moved, 0) ? moved : undefined;
}
