import { Occupancy } from "./occupancy.ts";
import { type Structure, structureOf } from "./structure.ts";
import type { Activity, Timetable, TimetableTask } from "./task.ts";

/** How often an activity is moved to a later time so that others don't come too late after it. */
const MOST_MOVES = 12;

/** How often a place is looked for that is long enough for everything that a hold goes around. */
const MOST_TRIES = 20;

/** What one unit of coming too late costs in units of the end. */
const TOO_LATE = 1000;

/** What the mean end of the jobs counts beside the end of all: results that come sooner teach sooner. */
const MEAN_END = 0.01;

/**
 * Places activities one after the other, each at the first time at which there is room for it: of those whose predecessors
 * are placed the one with the least rank. What a job takes is given back before anything else is placed, so that holds fit
 * into gaps and nobody is locked out. Where an activity would begin too late after another, that other one is moved to a later
 * time with all that follows.
 * Source: serial schedule generation, Kolisch, Eur. J. Oper. Res. 90, 320 (1996).
 *
 * @param ranks - of every activity
 */
export function layOut(task: TimetableTask, ranks: ArrayLike<number>): Timetable {
  return new Layout(task, ranks).result();
}

interface Moved {
  readonly moves: number;
  readonly excess: number;
  readonly from: number;
}

interface Place {
  readonly activity: number;
  readonly at: number;
}

class Layout {
  readonly #task: TimetableTask;
  readonly #structure: Structure;
  readonly #ranks: ArrayLike<number>;
  readonly #occupancies: readonly Occupancy[];
  readonly #starts: number[];
  readonly #ends: number[];
  /** Predecessors that are not placed yet. */
  readonly #waitsFor: number[];
  readonly #earliest: number[];
  /** Activities for which others were moved: how often, how much too late they were, and from where the others were moved. */
  readonly #moved = new Map<number, Moved>();
  /** How long each hold has been found to last. */
  readonly #lengths = new Map<number, number>();
  readonly #tries = new Map<number, number>();
  /** Of each resource, how many are held from the beginning and not given back yet. */
  readonly #stillHeld: number[];
  /** By their ranks. */
  #ready: number[] = [];
  /** Holds that are placed and not given back, the innermost last. */
  #open: number[] = [];

  constructor(task: TimetableTask, ranks: ArrayLike<number>) {
    const { activities, capacities, holdings, now } = task;
    this.#task = task;
    this.#structure = structureOf(task);
    this.#ranks = ranks;
    this.#occupancies = capacities.map((capacity) => new Occupancy(capacity));
    this.#starts = activities.map(() => Infinity);
    this.#ends = activities.map(() => Infinity);
    this.#waitsFor = activities.map(({ after }) => after.length);
    this.#earliest = activities.map(({ earliest = now }) => Math.max(earliest, now));
    this.#stillHeld = capacities.map(() => 0);
    for (const [i, { resource }] of holdings.entries()) {
      this.#occupancy(resource).add(heldBefore(i), -Infinity, Infinity);
      this.#stillHeld[resource] = (this.#stillHeld[resource] as number) + 1;
    }
    for (const [i, each] of activities.entries()) if (each.begun !== undefined) this.#begin(i, each);
    for (const [i, count] of this.#waitsFor.entries())
      if (count === 0 && this.#starts[i] === Infinity) this.#makeReady(i);
  }

  result(): Timetable {
    for (let next = this.#next(); next !== undefined; next = this.#next()) this.#place(next);
    return this.#timetable();
  }

  /** What is under way keeps its place. */
  #begin(activity: number, { begun = 0, duration }: Activity): void {
    this.#put(activity, begun, Math.max(begun + duration, this.#task.now));
    for (const each of this.#followers(activity)) this.#waitsFor[each] = (this.#waitsFor[each] as number) - 1;
  }

  #followers(activity: number): readonly number[] {
    return this.#structure.followers[activity] as readonly number[];
  }

  #occupancy(resource: number): Occupancy {
    return this.#occupancies[resource] as Occupancy;
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

  /** The activity of the least rank that can be placed, and where; what is inside of the innermost hold comes first. */
  #next(): Place | undefined {
    const open = this.#open.at(-1);
    const last = open === undefined ? Infinity : (this.#structure.gives.get(open) ?? Infinity);
    for (const activity of this.#ready) {
      if (open !== undefined && (activity <= open || activity > last)) continue;
      const at = this.#placeFor(activity);
      if (at < Infinity) return { activity, at };
    }
    if (open === undefined) return undefined;
    // Something inside can't be placed: nothing is planned for that job.
    this.#open = [];
    return this.#next();
  }

  /** The first time at which there is room; Infinity where others have to be placed before. */
  #placeFor(activity: number): number {
    const { after, duration, uses, takes = [], mayNeed = [] } = this.#task.activities[activity] as Activity;
    let from = this.#earliest[activity] as number;
    for (const before of after) from = Math.max(from, this.#ends[before] as number);
    if (takes.length > 0 && mayNeed.some((each) => this.#isAllHeld(each))) return Infinity;
    const length = this.#lengths.get(activity) ?? 0;
    for (let at = from; ; ) {
      let later = at;
      for (const each of uses) later = Math.max(later, this.#occupancy(each).earliest(later, duration));
      for (const each of takes) later = Math.max(later, this.#occupancy(each).earliest(later, length));
      if (later === at || later === Infinity) return later;
      at = later;
    }
  }

  /** Whether nothing is left of a resource before others have given it back. */
  #isAllHeld(resource: number): boolean {
    return (this.#stillHeld[resource] as number) >= (this.#task.capacities[resource] as number);
  }

  #place({ activity, at }: Place): void {
    const { noLater, duration, takes = [] } = this.#task.activities[activity] as Activity;
    if (noLater !== undefined) {
      const excess = at - (this.#ends[noLater.than] as number) - noLater.by;
      if (excess > 0 && this.#moveLater(noLater.than, activity, excess)) return;
    }
    const tooLong = this.#closedBy(activity).find((take) => !this.#fits(take, at + duration));
    if (tooLong !== undefined) return this.#placeAgain(tooLong);
    this.#put(activity, at, at + duration);
    this.#ready.splice(this.#ready.indexOf(activity), 1);
    this.#open = this.#open.filter((take) => this.#structure.gives.get(take) !== activity);
    if (takes.length > 0 && this.#structure.gives.has(activity)) this.#open.push(activity);
    for (const each of this.#followers(activity)) {
      const left = (this.#waitsFor[each] as number) - 1;
      this.#waitsFor[each] = left;
      if (left === 0) this.#makeReady(each);
    }
  }

  /** Holds that an activity gives back, where they are placed here. */
  #closedBy(activity: number): number[] {
    return (this.#structure.takes.get(activity) ?? []).filter((take) => this.#starts[take] !== Infinity);
  }

  /** Whether what is taken can be held until then, beside those who have it later. */
  #fits(take: number, until: number): boolean {
    const from = this.#starts[take] as number;
    const { takes = [] } = this.#task.activities[take] as Activity;
    const fits = takes.every((each) => this.#occupancy(each).hasRoomFor(take, from, until));
    if (!fits) this.#lengths.set(take, Math.max(this.#lengths.get(take) ?? 0, until - from));
    return fits;
  }

  /** A hold that would last into somebody else's is placed anew, where there is room for as long as it lasts. */
  #placeAgain(take: number): void {
    const tries = (this.#tries.get(take) ?? 0) + 1;
    this.#tries.set(take, tries);
    if (tries > MOST_TRIES) this.#lengths.set(take, Infinity);
    this.#takeOutFrom(take);
  }

  #put(activity: number, from: number, to: number): void {
    const { uses, takes = [], gives = [] } = this.#task.activities[activity] as Activity;
    this.#starts[activity] = from;
    this.#ends[activity] = to;
    for (const each of uses) this.#occupancy(each).add(activity, from, to);
    for (const each of takes) this.#occupancy(each).add(activity, from, Infinity);
    for (const take of this.#structure.takes.get(activity) ?? [])
      for (const each of gives) this.#occupancy(each).close(take, to);
    this.#giveBack(activity, gives, to);
  }

  /** What was held from the beginning is given back. */
  #giveBack(activity: number, gives: readonly number[], at: number): void {
    const { job } = this.#task.activities[activity] as Activity;
    for (const [i, holding] of this.#task.holdings.entries()) {
      if (holding.job !== job || !gives.includes(holding.resource)) continue;
      if (!this.#occupancy(holding.resource).close(heldBefore(i), at)) continue;
      this.#stillHeld[holding.resource] = (this.#stillHeld[holding.resource] as number) - 1;
    }
  }

  /**
   * Takes an activity, with the holds around it that end before another one, and what followed it out again, so that it is
   * placed later.
   *
   * @returns false where it can't be moved
   */
  #moveLater(than: number, before: number, by: number): boolean {
    const target = this.#structure.outermost(than, before);
    const start = this.#starts[target] as number;
    const moved = this.#moved.get(before) ?? {
      moves: 0,
      excess: Infinity,
      from: this.#earliest[target] as number,
    };
    const isFixed = (this.#task.activities[target] as Activity).begun !== undefined;
    if (moved.moves > MOST_MOVES || isFixed || start === Infinity || this.#givesBefore(target)) return false;
    // What comes too late however late the other one is, waits for nothing but itself: it goes back to where it was.
    const isNoUse = by >= moved.excess || moved.moves === MOST_MOVES;
    this.#moved.set(before, { ...moved, moves: isNoUse ? MOST_MOVES + 1 : moved.moves + 1, excess: by });
    this.#earliest[target] = isNoUse ? moved.from : start + by;
    this.#takeOutFrom(target);
    return true;
  }

  /** Whether something that follows gives back what was held before: it can't be taken out. */
  #givesBefore(activity: number): boolean {
    return this.#placedFrom(activity).some((each) => {
      const { gives = [], begun } = this.#task.activities[each] as Activity;
      const takes = this.#structure.takes.get(each) ?? [];
      return begun !== undefined || (gives.length > 0 && takes.every((take) => take < activity));
    });
  }

  #takeOutFrom(activity: number): void {
    for (const each of this.#placedFrom(activity)) this.#takeOut(each);
    // What waits for one of those isn't ready any more.
    this.#ready = this.#ready.filter((each) => this.#waitsFor[each] === 0);
    this.#open = this.#open.filter((each) => this.#starts[each] !== Infinity);
    if (!this.#ready.includes(activity)) this.#makeReady(activity);
  }

  /** An activity and all placed ones that come after it. */
  #placedFrom(activity: number): number[] {
    const found = [activity];
    for (const each of found)
      for (const next of this.#followers(each))
        if (this.#starts[next] !== Infinity && !found.includes(next)) found.push(next);
    return found;
  }

  #takeOut(activity: number): void {
    const { uses, takes = [] } = this.#task.activities[activity] as Activity;
    for (const each of [...uses, ...takes]) this.#occupancy(each).remove(activity);
    this.#starts[activity] = Infinity;
    this.#ends[activity] = Infinity;
    for (const next of this.#followers(activity)) this.#waitsFor[next] = (this.#waitsFor[next] as number) + 1;
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

/** Stands in for the activity that took what was held from the beginning; no activity has such a number. */
function heldBefore(holding: number): number {
  return -1 - holding;
}
