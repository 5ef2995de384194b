import type { Cancel, Clock } from "./clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly due: () => void;
  state: "waiting" | "cancelled" | "done";
}

/**
 * Turns of the event loop without activity after which nothing more is expected to happen by itself. Whatever
 * is under way touches the clock at every step: with that, one turn is enough for an exchange of quality 2 between two
 * clients through a broker in this process. Eight leave room for libraries that take a few turns in between.
 */
const QUIET_TURNS = 8;

/** A wall clock that a virtual one keeps pace with. */
export interface Pace {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `reached` at a time, or somewhat before it. */
  at(at: number, reached: () => void): Cancel;
}

/**
 * A clock that jumps to the next timer when nothing else is runnable, so that a night passes in seconds. Where it
 * keeps pace with a wall clock it waits before it jumps: the same happens, at the same times, as if each timer were in time.
 *
 * Results of work outside ({@link Clock.external}) are handed over one at a time, in the order in which the
 * work was registered and only when everything else has come to rest: the order of events doesn't depend
 * on the speed of workers or disks.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #quiet = 0;
  #timers = new TimerHeap();
  readonly #external: { settled: boolean; hand: () => void }[] = [];
  #wake: (() => void) | undefined;
  #running = false;
  readonly #turn: () => Promise<void>;
  #pace: Pace | undefined;
  /** Whether nothing is to be done before the wall has come to the next timer: what happens meanwhile, happens by the wall. */
  #idle = false;
  #stir: (() => void) | undefined;

  /**
   * @param start - first time shown, milliseconds since 1970
   * @param turn - waits for one turn of the event loop (setImmediate); given from outside since base has no timers
   */
  constructor(start: number, turn: () => Promise<void>) {
    this.#now = start;
    this.#turn = turn;
  }

  /** Waits for a wall clock from here on. */
  keepPace(pace: Pace): void {
    this.#pace = pace;
    this.#idle = !this.#running;
  }

  now(): number {
    if (this.#pace === undefined || !this.#idle) return this.#now;
    const next = this.#timers.next()?.at ?? Infinity;
    return Math.max(this.#now, Math.min(this.#pace.now(), next));
  }

  at(at: number, due: () => void): Cancel {
    this.#rouse();
    const timer: Timer = { at: Math.max(at, this.#now), order: this.#order++, due, state: "waiting" };
    this.#timers.push(timer);
    this.touch();
    return () => this.#timers.cancel(timer);
  }

  touch(): void {
    this.#rouse();
    this.#quiet = 0;
    this.#start();
  }

  /** Something happens while the wall is waited for. */
  #rouse(): void {
    if (!this.#idle) return;
    this.#now = this.now();
    this.#idle = false;
    this.#stir?.();
  }

  external<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const entry: { settled: boolean; hand: () => void } = { settled: false, hand: () => {} };
      this.#external.push(entry);
      const settle = (hand: () => void): void => {
        entry.settled = true;
        entry.hand = hand;
        this.#wake?.();
      };
      work.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
      this.touch();
    });
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (await this.#settled()) {
      const external = this.#external[0];
      if (external?.settled) {
        this.#external.shift();
        external.hand();
      } else if (external) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      } else if (await this.#reached()) {
        this.#advance();
      }
      this.#quiet = 0;
    }
    this.#running = false;
    this.#idle = this.#pace !== undefined;
  }

  /** Whether it is time for the next timer; where it isn't, waits until it is or something else happens. */
  async #reached(): Promise<boolean> {
    const pace = this.#pace;
    const next = this.#timers.next();
    if (pace === undefined || next === undefined || pace.now() >= next.at) return true;
    this.#idle = true;
    await new Promise<void>((resolve) => {
      const cancel = pace.at(next.at, resolve);
      this.#stir = () => {
        cancel();
        resolve();
      };
    });
    this.#stir = undefined;
    this.#rouse();
    return false;
  }

  /** Waits until nothing happens by itself; false when there is nothing left to wait for either. */
  async #settled(): Promise<boolean> {
    while (this.#quiet < QUIET_TURNS) {
      this.#quiet += 1;
      await this.#turn();
    }
    return this.#external.length > 0 || this.#timers.next() !== undefined;
  }

  #advance(): void {
    const timer = this.#timers.next();
    if (timer === undefined) return;
    this.#timers.pop();
    this.#now = timer.at;
    timer.due();
  }
}

/** Heaps below this size are not worth compacting. */
const SMALL_HEAP = 64;

/**
 * Binary heap of timers by time, then by registration. Cancelled timers are dropped when they surface, or all at
 * once when they are more than half of the heap: a deadline that is set and cancelled for every command costs
 * constant memory and, on the average, constant time.
 */
class TimerHeap {
  #items: Timer[] = [];
  #cancelled = 0;

  next(): Timer | undefined {
    while (this.#items[0]?.state === "cancelled") {
      this.#removeFirst();
      this.#cancelled -= 1;
    }
    return this.#items[0];
  }

  cancel(timer: Timer): void {
    if (timer.state !== "waiting") return;
    timer.state = "cancelled";
    this.#cancelled += 1;
    if (this.#items.length > SMALL_HEAP && this.#cancelled > this.#items.length / 2) this.#compact();
  }

  /** A list in order is a heap; the order is total, so timers are due in the order they would have been. */
  #compact(): void {
    this.#items = this.#items
      .filter(({ state }) => state === "waiting")
      .sort((a, b) => (before(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }

  push(timer: Timer): void {
    const items = this.#items;
    let child = items.length;
    items.push(timer);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = items[parent] as Timer;
      if (before(above, timer)) break;
      items[child] = above;
      child = parent;
    }
    items[child] = timer;
  }

  /** Takes the timer that {@link next} gives off the heap. */
  pop(): void {
    const [first] = this.#items;
    if (first !== undefined) first.state = "done";
    this.#removeFirst();
  }

  #removeFirst(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      const left = items[child];
      if (left === undefined) break;
      const right = items[child + 1];
      let least = left;
      if (right !== undefined && before(right, left)) {
        least = right;
        child += 1;
      }
      if (before(last, least)) break;
      items[parent] = least;
      parent = child;
    }
    items[parent] = last;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
