import type { Relaxation } from "./relaxation.ts";
import type { RelaxedPoint } from "./relaxed-point.ts";

/** The coordinates that can move, and the directions that they must not take. */
export interface Face {
  /** Indices of coordinates. */
  readonly moving: readonly number[];
  /** 0 for parts that aren't there; shape (dimension). */
  readonly present: Uint8Array;
  /** Orthonormal normals of the planes, 0 where nothing moves; each of shape (dimension). */
  readonly normals: readonly Float64Array[];
}

/** The face of a relaxation's polytope on which the parts that are there can move. */
export function faceOf({ planes }: Relaxation, { present }: RelaxedPoint): Face {
  const moving = [...present.keys()].filter((i) => present[i] === 1);
  const normals: Float64Array[] = [];
  for (const { a } of planes) {
    const normal = a.map((value, i) => (present[i] === 1 ? value : 0));
    const before = Math.sqrt(dot(normal, normal));
    for (const other of normals) subtract(normal, other, dot(normal, other));
    const size = Math.sqrt(dot(normal, normal));
    // What is left of a plane that follows from the others is rounding.
    if (size > 1e-9 * before) normals.push(normal.map((value) => value / size));
  }
  return { moving, present, normals };
}

/** Takes away from a direction what would leave the face, in place. */
export function keepWithin({ normals }: Face, direction: Float64Array): void {
  for (const normal of normals) subtract(direction, normal, dot(direction, normal));
}

/** Σ aᵢ·bᵢ. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function subtract(from: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - factor * (other[i] as number);
}
