import { exp, pow } from "../../base/elementary.ts";
import type { Random } from "../../base/random.ts";
import { layOut } from "./lay-out.ts";
import type { Timetable, TimetableTask } from "./task.ts";

/** A timetable, and the ranks by which it was laid out. */
export interface Ranked {
  readonly timetable: Timetable;
  readonly ranks: readonly number[];
}

/** What a search is given. */
export interface SearchOptions {
  readonly random: Random;
  /** Timetables that are laid out; what a search takes is in proportion to it. */
  readonly tries: number;
  /** Orders to begin with; the better one counts. */
  readonly from: readonly (readonly number[])[];
}

/** Temperatures of the search at its begin and its end, as shares of the time that the timetable takes. */
const HOT = 0.03;
const COLD = 0.0005;

/**
 * Looks for a better timetable: two activities that follow each other on a resource, on the path that makes the whole as long
 * as it is, change places; what is worse is kept with a probability that falls.
 * Source: the moves of Van Laarhoven, Aarts and Lenstra, Operations Research 40, 113 (1992).
 *
 * The same random numbers and tries give the same timetable.
 */
export function improve(task: TimetableTask, { random, tries, from }: SearchOptions): Ranked {
  let best = firstOf(task, from);
  let current = best;
  const span = Math.max(best.timetable.end - task.now, 1);
  for (let done = from.length; done < tries; done++) {
    const move = criticalPair(task, current.timetable, random);
    if (move === undefined) continue;
    const ranks = swapped(task, current.timetable, move);
    const candidate = { timetable: layOut(task, ranks), ranks };
    const temperature = span * HOT * pow(COLD / HOT, done / tries);
    const worse = candidate.timetable.cost - current.timetable.cost;
    if (worse <= 0 || random.uniform() < exp(-worse / temperature)) current = candidate;
    if (candidate.timetable.cost < best.timetable.cost) best = candidate;
  }
  return best;
}

function firstOf(task: TimetableTask, from: SearchOptions["from"]): Ranked {
  const all = from.map((ranks) => ({ timetable: layOut(task, ranks), ranks }));
  const [first, ...others] = all;
  if (first === undefined) throw new RangeError("a search needs an order to begin with");
  return others.reduce((a, b) => (b.timetable.cost < a.timetable.cost ? b : a), first);
}

interface Pair {
  readonly first: number;
  readonly second: number;
}

/** Two activities of different jobs of which the second waits for the first, on a path to the last end; one of several. */
function criticalPair(task: TimetableTask, timetable: Timetable, random: Random): Pair | undefined {
  const { activities } = task;
  const { starts } = timetable;
  const endOf = (i: number): number => (starts[i] as number) + (activities[i]?.duration ?? 0);
  let at = lastOf(task, timetable, random);
  const pairs: Pair[] = [];
  for (let left = activities.length; at !== undefined && left > 0; left--) {
    const { after, job, begun } = activities[at] as (typeof activities)[number];
    if (begun !== undefined) break;
    const start = starts[at] as number;
    const blocks: number = at;
    const other = activities.findIndex(
      (each, i) => each.job !== job && endOf(i) === start && each.duration > 0 && sharesWith(task, i, blocks),
    );
    if (other >= 0 && activities[other]?.begun === undefined) pairs.push({ first: other, second: at });
    at = after.find((each) => endOf(each) === start) ?? (other < 0 ? undefined : other);
  }
  return pairs.length === 0 ? anyPair(task, timetable, random) : pairs[random.integer(pairs.length)];
}

/** The activity that ends last, or, now and then, the last of any job. */
function lastOf(
  { activities }: TimetableTask,
  { starts, end }: Timetable,
  random: Random,
): number | undefined {
  const ends = activities.map(({ duration }, i) => (starts[i] as number) + duration);
  const last = ends.flatMap((each, i) => (each === end ? [i] : []));
  return last.length === 0 ? undefined : last[random.integer(last.length)];
}

/** Where nothing on the path waits for another job, any two that follow each other on a resource. */
function anyPair(task: TimetableTask, { starts }: Timetable, random: Random): Pair | undefined {
  const { activities } = task;
  const free = activities.flatMap(({ begun }, i) => (begun === undefined ? [i] : []));
  if (free.length < 2) return undefined;
  const second = free[random.integer(free.length)] as number;
  const before = free.filter(
    (each) =>
      activities[each]?.job !== activities[second]?.job &&
      (starts[each] as number) <= (starts[second] as number) &&
      sharesWith(task, each, second),
  );
  const first = before[random.integer(Math.max(1, before.length))];
  return first === undefined ? undefined : { first, second };
}

function sharesWith({ activities }: TimetableTask, a: number, b: number): boolean {
  const wanted = resourcesOf(activities[b]);
  return resourcesOf(activities[a]).some((each) => wanted.includes(each));
}

function resourcesOf(activity: TimetableTask["activities"][number] | undefined): readonly number[] {
  const { uses = [], takes = [], gives = [] } = activity ?? {};
  return [...uses, ...takes, ...gives];
}

/** Ranks by which the second of a pair comes before the first, with all that it waits for itself. */
function swapped({ activities }: TimetableTask, { starts }: Timetable, { first, second }: Pair): number[] {
  const needed = new Set([second]);
  for (const each of needed) for (const before of activities[each]?.after ?? []) needed.add(before);
  const start = (i: number): number => starts[i] as number;
  const inOrder = activities.map((_, i) => i).sort((a, b) => start(a) - start(b) || a - b);
  const place = inOrder.indexOf(first);
  const front = inOrder.slice(0, place);
  const back = inOrder.slice(place);
  const moved = back.filter((each) => needed.has(each));
  const order = [...front, ...moved, ...back.filter((each) => !needed.has(each))];
  const ranks = new Array<number>(order.length);
  for (const [rank, each] of order.entries()) ranks[each] = rank;
  return ranks;
}
