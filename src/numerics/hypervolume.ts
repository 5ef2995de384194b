/**
 * Volume that points dominate above a reference point; every coordinate is to be made large. Sweeps the last
 * coordinate downwards and sums slabs, in as many dimensions as there are.
 *
 * @param points - n points of d coordinates
 * @param reference - least value of each coordinate that counts; shape (d)
 */
export function hypervolume(points: readonly ArrayLike<number>[], reference: readonly number[]): number {
  const inside = points.map((point) => Array.from(point)).filter((point) => above(point, reference));
  return volumeOf(inside, reference);
}

function above(point: readonly number[], reference: readonly number[]): boolean {
  return reference.every((least, k) => (point[k] as number) > least);
}

function volumeOf(points: readonly (readonly number[])[], reference: readonly number[]): number {
  if (points.length === 0) return 0;
  const last = reference.length - 1;
  const least = reference[last] as number;
  if (last === 0) return Math.max(...points.map((point) => point[0] as number)) - least;
  const falling = [...points].sort((a, b) => (b[last] as number) - (a[last] as number));
  let front: (readonly number[])[] = [];
  let volume = 0;
  for (const [k, point] of falling.entries()) {
    front = withPoint(front, point.slice(0, last));
    const height = (point[last] as number) - (falling[k + 1]?.[last] ?? least);
    if (height > 0) volume += height * volumeOf(front, reference.slice(0, last));
  }
  return volume;
}

function withPoint(front: readonly (readonly number[])[], point: readonly number[]): (readonly number[])[] {
  if (front.some((each) => dominates(each, point))) return [...front];
  return [...front.filter((each) => !dominates(point, each)), point];
}

/** Whether a point is at least as large as another in every coordinate. */
export function dominates(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let k = 0; k < a.length; k++) if (!((a[k] as number) >= (b[k] as number))) return false;
  return true;
}

/** Indices of the points that no other is at least as large as in every coordinate; of equal points the first. */
export function undominated(points: readonly ArrayLike<number>[]): number[] {
  const kept: number[] = [];
  for (const [i, point] of points.entries()) {
    const beaten = points.some(
      (other, j) => j !== i && dominates(other, point) && (j < i || !dominates(point, other)),
    );
    if (!beaten) kept.push(i);
  }
  return kept;
}
