import { canAllFinish, type Holder } from "./can-all-finish.ts";
import { Occupancy } from "./occupancy.ts";
import type { Activity, Timetable, TimetableTask } from "./task.ts";

/** How often an activity is moved to a later time so that others don't come too late after it. */
const MOST_MOVES = 12;

/** What one unit of coming too late costs in units of the end. */
const TOO_LATE = 1000;

/** What the mean end of the jobs counts beside the end of all: results that come sooner teach sooner. */
const MEAN_END = 0.01;

/**
 * Places activities one after the other, each at the first time at which there is room for it: of those whose predecessors
 * are placed the one with the least rank. A job takes what it holds for a while only where every job can still come to its
 * end. Where an activity would begin too late after another, that other one is moved to a later time with all that follows.
 * Source: serial schedule generation, Kolisch, Eur. J. Oper. Res. 90, 320 (1996).
 *
 * @param ranks - of every activity
 */
export function layOut(task: TimetableTask, ranks: ArrayLike<number>): Timetable {
  return new Layout(task, ranks).result();
}

const FOLLOWERS = new WeakMap<TimetableTask, readonly (readonly number[])[]>();

/** What comes after each activity; a search lays one task out many times. */
function followersOf(task: TimetableTask): readonly (readonly number[])[] {
  const known = FOLLOWERS.get(task);
  if (known !== undefined) return known;
  const followers: number[][] = task.activities.map(() => []);
  for (const [i, { after }] of task.activities.entries())
    for (const before of after) (followers[before] as number[]).push(i);
  FOLLOWERS.set(task, followers);
  return followers;
}

class Layout {
  readonly #task: TimetableTask;
  readonly #ranks: ArrayLike<number>;
  readonly #occupancies: readonly Occupancy[];
  readonly #starts: number[];
  readonly #ends: number[];
  /** Predecessors that are not placed yet. */
  readonly #waitsFor: number[];
  readonly #followers: readonly (readonly number[])[];
  readonly #earliest: number[];
  readonly #moves = new Map<number, number>();
  #ready: number[] = [];
  /** What each job holds. */
  readonly #holding = new Map<number, Held[]>();
  /** What was given back, by activity and resource. */
  readonly #given = new Map<string, Held>();

  constructor(task: TimetableTask, ranks: ArrayLike<number>) {
    const { activities, capacities, holdings, now } = task;
    this.#task = task;
    this.#ranks = ranks;
    this.#occupancies = capacities.map((capacity) => new Occupancy(capacity));
    this.#starts = activities.map(() => Infinity);
    this.#ends = activities.map(() => Infinity);
    this.#waitsFor = activities.map(({ after }) => after.length);
    this.#followers = followersOf(task);
    this.#earliest = activities.map(({ earliest = now }) => Math.max(earliest, now));
    for (const [i, { job, resource, mayNeed }] of holdings.entries()) {
      // No activity has this number: what was taken before is only given back.
      const held = { by: -1 - i, resource, mayNeed };
      this.#occupancies[resource]?.add(held.by, -Infinity, Infinity);
      this.#holdingOf(job).push(held);
    }
    for (const [i, each] of activities.entries()) if (each.begun !== undefined) this.#begun(i, each);
    for (const [i, count] of this.#waitsFor.entries())
      if (count === 0 && this.#starts[i] === Infinity) this.#makeReady(i);
  }

  result(): Timetable {
    for (let next = this.#next(); next !== undefined; next = this.#next())
      this.#place(next.activity, next.at);
    return this.#timetable();
  }

  /** What is under way keeps its place. */
  #begun(activity: number, { begun = 0, duration }: Activity): void {
    this.#put(activity, begun, Math.max(begun + duration, this.#task.now));
  }

  #holdingOf(job: number): Held[] {
    const known = this.#holding.get(job);
    if (known !== undefined) return known;
    const none: Held[] = [];
    this.#holding.set(job, none);
    return none;
  }

  /** The activity of the least rank that can be placed, and where. */
  #next(): { readonly activity: number; readonly at: number } | undefined {
    for (const activity of this.#ready) {
      const at = this.#placeFor(activity);
      if (at < Infinity) return { activity, at };
    }
    return undefined;
  }

  /** Keeps what can be placed in the order of the ranks. */
  #makeReady(activity: number): void {
    const ready = this.#ready;
    const rank = this.#ranks[activity] as number;
    let at = ready.length;
    for (; at > 0; at--) {
      const other = ready[at - 1] as number;
      const before = this.#ranks[other] as number;
      if (before < rank || (before === rank && other < activity)) break;
    }
    ready.splice(at, 0, activity);
  }

  /** The first time at which there is room; Infinity where others have to be placed before. */
  #placeFor(activity: number): number {
    const { after, duration, uses, takes = [] } = this.#task.activities[activity] as Activity;
    let from = this.#earliest[activity] as number;
    for (const before of after) from = Math.max(from, this.#ends[before] as number);
    if (takes.length > 0 && !this.#staysSafe(activity)) return Infinity;
    for (let at = from; ; ) {
      let later = at;
      for (const each of uses) later = Math.max(later, this.#occupancy(each).earliest(later, duration));
      for (const each of takes) later = Math.max(later, this.#occupancy(each).earliest(later, Infinity));
      if (later === at || later === Infinity) return later;
      at = later;
    }
  }

  #occupancy(resource: number): Occupancy {
    return this.#occupancies[resource] as Occupancy;
  }

  /** Whether every job that holds something could still come to its end if this activity took what it takes. */
  #staysSafe(activity: number): boolean {
    const { job, takes = [], mayNeed = [] } = this.#task.activities[activity] as Activity;
    const holders: Holder[] = [];
    for (const [each, held] of this.#holding) {
      const more = each === job ? takes : [];
      const all = [...held.map(({ resource }) => resource), ...more];
      if (all.length > 0)
        holders.push({
          holds: all,
          mayNeed: [...held.flatMap((one) => one.mayNeed), ...(each === job ? mayNeed : [])],
        });
    }
    if (!this.#holding.has(job)) holders.push({ holds: takes, mayNeed });
    return canAllFinish(holders, this.#task.capacities);
  }

  #place(activity: number, at: number): void {
    const { noLater, duration } = this.#task.activities[activity] as Activity;
    if (noLater !== undefined) {
      const excess = at - (this.#ends[noLater.than] as number) - noLater.by;
      if (excess > 0 && this.#moveLater(noLater.than, excess)) return;
    }
    this.#put(activity, at, at + duration);
    this.#ready.splice(this.#ready.indexOf(activity), 1);
    for (const each of this.#followers[activity] as readonly number[]) this.#countDown(each);
  }

  #put(activity: number, from: number, to: number): void {
    const {
      job,
      uses,
      takes = [],
      mayNeed = [],
      gives = [],
      begun,
    } = this.#task.activities[activity] as Activity;
    this.#starts[activity] = from;
    this.#ends[activity] = to;
    for (const each of uses) this.#occupancy(each).add(activity, from, to);
    for (const resource of takes) {
      this.#occupancy(resource).add(activity, from, Infinity);
      this.#holdingOf(job).push({ by: activity, resource, mayNeed });
    }
    if (gives.length > 0) this.#give(activity, to);
    if (begun !== undefined)
      for (const each of this.#followers[activity] as readonly number[]) this.#countDown(each, false);
  }

  #countDown(activity: number, tell = true): void {
    const left = (this.#waitsFor[activity] as number) - 1;
    this.#waitsFor[activity] = left;
    if (left === 0 && tell) this.#makeReady(activity);
  }

  #give(activity: number, at: number): void {
    const { job, gives = [] } = this.#task.activities[activity] as Activity;
    const held = this.#holdingOf(job);
    for (const resource of gives) {
      const found = held.findIndex((each) => each.resource === resource);
      if (found < 0) continue;
      const given = held[found] as Held;
      held.splice(found, 1);
      this.#given.set(`${activity}.${resource}`, given);
      this.#occupancy(resource).close(given.by, at);
    }
  }

  /**
   * Takes an activity and what followed it out again, so that it is placed later.
   *
   * @returns false where it can't be moved
   */
  #moveLater(activity: number, by: number): boolean {
    const moves = this.#moves.get(activity) ?? 0;
    if (moves >= MOST_MOVES) return false;
    const out = this.#placedFrom(activity);
    if (out.some((each) => !this.#canMove(each))) return false;
    this.#moves.set(activity, moves + 1);
    this.#earliest[activity] = (this.#starts[activity] as number) + by;
    for (const each of out) this.#takeOut(each);
    // What waits for one of those isn't ready any more.
    this.#ready = this.#ready.filter((each) => this.#waitsFor[each] === 0);
    if (!this.#ready.includes(activity)) this.#makeReady(activity);
    return true;
  }

  /** An activity and all placed ones that come after it. */
  #placedFrom(activity: number): number[] {
    const found = [activity];
    for (const each of found)
      for (const next of this.#followers[each] as readonly number[])
        if (this.#starts[next] !== Infinity && !found.includes(next)) found.push(next);
    return found;
  }

  #takeOut(activity: number): void {
    const { job, uses, takes = [], gives = [] } = this.#task.activities[activity] as Activity;
    for (const each of [...uses, ...takes]) this.#occupancy(each).remove(activity);
    if (takes.length > 0)
      this.#holding.set(
        job,
        this.#holdingOf(job).filter(({ by }) => by !== activity),
      );
    for (const resource of gives) this.#takeBack(job, activity, resource);
    this.#starts[activity] = Infinity;
    this.#ends[activity] = Infinity;
    for (const next of this.#followers[activity] as readonly number[])
      this.#waitsFor[next] = (this.#waitsFor[next] as number) + 1;
  }

  /** What is under way stays where it is, and so does what gave something back that another job has taken since. */
  #canMove(activity: number): boolean {
    const { begun, gives = [] } = this.#task.activities[activity] as Activity;
    const at = this.#ends[activity] as number;
    return begun === undefined && gives.every((each) => this.#occupancy(each).isFreeFrom(at));
  }

  /** What an activity that is taken out had given back is held again, where what took it isn't taken out, too. */
  #takeBack(job: number, activity: number, resource: number): void {
    const given = this.#given.get(`${activity}.${resource}`);
    if (given === undefined) return;
    this.#given.delete(`${activity}.${resource}`);
    if (given.by >= 0 && this.#starts[given.by] === Infinity) return;
    this.#occupancy(resource).close(given.by, Infinity);
    this.#holdingOf(job).push(given);
  }

  #timetable(): Timetable {
    const { activities } = this.#task;
    const jobEnds = new Map<number, number>();
    let end = this.#task.now;
    let tooLate = 0;
    for (const [i, { job, noLater, latest }] of activities.entries()) {
      const [from, to] = [this.#starts[i] as number, this.#ends[i] as number];
      end = Math.max(end, to);
      jobEnds.set(job, Math.max(jobEnds.get(job) ?? 0, to));
      if (noLater !== undefined)
        tooLate += Math.max(0, from - (this.#ends[noLater.than] as number) - noLater.by);
      if (latest !== undefined) tooLate += Math.max(0, from - latest);
    }
    let sum = 0;
    for (const each of jobEnds.values()) sum += each - this.#task.now;
    const mean = jobEnds.size === 0 ? 0 : sum / jobEnds.size;
    const cost = TOO_LATE * tooLate + (end - this.#task.now) + MEAN_END * mean;
    return { starts: this.#starts, end, tooLate, cost: Number.isNaN(cost) ? Infinity : cost };
  }
}

interface Held {
  /** Activity that took it, or a negative number for what was held at first. */
  readonly by: number;
  readonly resource: number;
  readonly mayNeed: readonly number[];
}
