import { dominates } from "./hypervolume.ts";

/** The part of space above a reference point that no point of a front dominates, as boxes that don't overlap. */
export interface FreeRegion {
  /** Places of the boxes' sides in each dimension: the reference first, rising, ∞ last. */
  readonly levels: readonly Float64Array[];
  /** Number of boxes. */
  readonly count: number;
  /** For each box and dimension the indices of its lower and its upper level; shape (count × dimension × 2). */
  readonly boxes: Int32Array;
}

/** Lower and upper level in each dimension, one after the other. */
type Box = readonly number[];

/**
 * Takes what a front leaves free apart into boxes: slabs of the last coordinate, in each of which the points above it
 * leave a region of one dimension less; boxes that go on from one slab to the next are one. In two dimensions n points
 * leave n + 1 boxes, in three at most 2n + 1.
 * Source: the sweep of Yang et al., Efficient computation of expected hypervolume improvement (2019), section 4, in any
 * dimension.
 *
 * @param points - n points of d coordinates, every one to be made large
 * @param reference - least value of each coordinate that counts; shape (d)
 */
export function freeRegion(points: readonly ArrayLike<number>[], reference: readonly number[]): FreeRegion {
  const inside = points.filter((point) => reference.every((least, k) => (point[k] as number) > least));
  const levels = reference.map((least, k) =>
    Float64Array.from(new Set([least, ...inside.map((point) => point[k] as number), Infinity])).sort(),
  );
  const ranks = levels.map((values) => new Map(Array.from(values, (value, rank) => [value, rank] as const)));
  const ranked = inside.map((point) => ranks.map((rank, k) => rank.get(point[k] as number) as number));
  const boxes = freeBoxes(
    ranked,
    levels.map(({ length }) => length - 1),
  );
  return { levels, count: boxes.length, boxes: Int32Array.from(boxes.flat()) };
}

/**
 * @param points - ranks of the coordinates, at least 1
 * @param tops - rank of ∞ in each dimension
 */
function freeBoxes(points: readonly (readonly number[])[], tops: readonly number[]): Box[] {
  const last = tops.length - 1;
  const top = tops[last] as number;
  if (last === 0) return [[points.reduce((most, [rank]) => Math.max(most, rank as number), 0), top]];
  const inner = tops.slice(0, last);
  const falling = [...points].sort((a, b) => (b[last] as number) - (a[last] as number));
  const closed: Box[] = [];
  let open = new Map<string, { box: Box; from: number }>();
  let front: (readonly number[])[] = [];
  const openBelow = (rank: number): void => {
    const next = new Map<string, { box: Box; from: number }>();
    for (const box of freeBoxes(front, inner)) {
      const key = box.join();
      next.set(key, open.get(key) ?? { box, from: rank });
    }
    for (const [key, { box, from }] of open) if (!next.has(key)) closed.push([...box, rank, from]);
    open = next;
  };
  openBelow(top);
  for (const [k, point] of falling.entries()) {
    const shadow = point.slice(0, last);
    if (!front.some((each) => dominates(each, shadow)))
      front = [...front.filter((each) => !dominates(shadow, each)), shadow];
    const rank = point[last] as number;
    if (falling[k + 1]?.[last] !== rank) openBelow(rank);
  }
  for (const { box, from } of open.values()) closed.push([...box, 0, from]);
  return closed;
}
