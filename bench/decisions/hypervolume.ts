/**
 * Volume that points dominate above a reference point; every objective is to be made large. Sweeps the last objective
 * downwards and sums slabs, in as many dimensions as there are.
 *
 * @param points - n points of d objectives
 * @param reference - worst value of each objective that counts; shape (d)
 */
export function hypervolume(points: readonly (readonly number[])[], reference: readonly number[]): number {
  const last = reference.length - 1;
  const inside = points.filter((point) => point.every((value, i) => value > (reference[i] as number)));
  if (inside.length === 0) return 0;
  const heights = inside.map((point) => point[last] as number);
  if (last === 0) return Math.max(...heights) - (reference[0] as number);
  const falling = [...inside].sort((a, b) => (b[last] as number) - (a[last] as number));
  let volume = 0;
  let front: (readonly number[])[] = [];
  for (const [k, point] of falling.entries()) {
    front = undominated(front, point.slice(0, last));
    const below = Math.max(falling[k + 1]?.[last] ?? (reference[last] as number), reference[last] as number);
    const height = (point[last] as number) - below;
    if (height > 0) volume += height * hypervolume(front, reference.slice(0, last));
  }
  return volume;
}

/** The front with another point, without those that are no better anywhere. */
function undominated(front: readonly (readonly number[])[], point: readonly number[]): (readonly number[])[] {
  const covers = (a: readonly number[], b: readonly number[]): boolean =>
    a.every((value, i) => value >= (b[i] as number));
  if (front.some((each) => covers(each, point))) return [...front];
  return [...front.filter((each) => !covers(point, each)), point];
}
