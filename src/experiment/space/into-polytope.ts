import type { Relaxation } from "./relaxation.ts";
import type { RelaxedPoint } from "./relaxed-point.ts";

/** Rounds of projections; each takes a fixed share of the distance away, but narrow corners need many. */
const ROUNDS = 1000;
/** A point this near to a plane of unit normal lies in it. */
const NEAR = 1e-11;

/**
 * Moves coordinates into the polytope of a relaxation by projecting onto one plane, halfspace and side of the
 * cube after the other (successive over-projections: Agmon, 1954).
 *
 * @param point - its coordinates become those of the point that was found; parts that aren't there stay away
 * @param margin - how far inside halfspaces and cube to stay, in lengths of the unit cube
 * @param lower - least coordinates, 0 where absent; shape (dimension)
 * @returns whether the point lies in the polytope, within the margin
 */
export function moveIntoPolytope(
  { halfspaces, planes }: Pick<Relaxation, "halfspaces" | "planes">,
  { y, present }: Pick<RelaxedPoint, "y" | "present">,
  margin: number,
  lower?: Float64Array,
): boolean {
  for (let round = 0; round < ROUNDS; round++) {
    let beyond = 0;
    for (let i = 0; i < y.length; i++) {
      if (present[i] === 0) continue;
      const at = y[i] as number;
      const inside = Math.min(1 - margin, Math.max((lower?.[i] ?? 0) + margin, at));
      beyond = Math.max(beyond, Math.abs(inside - at));
      y[i] = inside;
    }
    for (const { a, b } of halfspaces) beyond = Math.max(beyond, project(y, present, a, b - margin, false));
    for (const { a, b } of planes) beyond = Math.max(beyond, project(y, present, a, b, true));
    if (beyond <= NEAR) return true;
  }
  return false;
}

/** Projects onto a·y = b, or into a·y ≤ b by half more than is needed, and gives the distance; ∞ when nothing can move. */
function project(y: Float64Array, present: Uint8Array, a: Float64Array, b: number, plane: boolean): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < y.length; i++) {
    const coefficient = a[i] as number;
    product += coefficient * (y[i] as number);
    if (present[i] === 1) square += coefficient * coefficient;
  }
  const over = product - b;
  if (plane ? Math.abs(over) <= NEAR : over <= 0) return Math.abs(plane ? over : 0);
  if (square === 0) return Infinity;
  const share = ((plane ? 1 : 1.5) * over) / square;
  for (let i = 0; i < y.length; i++) if (present[i] === 1) y[i] = (y[i] as number) - share * (a[i] as number);
  return Math.abs(over) / Math.sqrt(square);
}
