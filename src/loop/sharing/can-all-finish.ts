/** What a job holds, and may need before it has given all of it back. */
export interface Holder {
  readonly holds: readonly number[];
  readonly mayNeed: readonly number[];
}

/**
 * Whether all jobs that hold something can come to the point where they hold nothing, one after the other, whatever each of
 * them asks for meanwhile: then none will ever wait for another that waits for it.
 * Source: Dijkstra, The mathematics behind the Banker's algorithm (EWD 623, 1977).
 *
 * @param holders - jobs that hold something
 * @param capacities - how many there are of each resource
 */
export function canAllFinish(holders: readonly Holder[], capacities: readonly number[]): boolean {
  const free = [...capacities];
  for (const { holds } of holders) for (const each of holds) free[each] = (free[each] ?? 0) - 1;
  if (free.some((each) => each < 0)) return false;
  let left = [...holders];
  while (left.length > 0) {
    const able = left.filter(({ holds, mayNeed }) =>
      mayNeed.every((need) => holds.includes(need) || (free[need] ?? 0) > 0),
    );
    if (able.length === 0) return false;
    for (const { holds } of able) for (const each of holds) free[each] = (free[each] ?? 0) + 1;
    left = left.filter((each) => !able.includes(each));
  }
  return true;
}
