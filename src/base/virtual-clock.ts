import type { Cancel, Clock } from "./clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly due: () => void;
  cancelled: boolean;
}

/**
 * Turns of the event loop without activity after which nothing more is expected to happen by itself. Whatever
 * is under way touches the clock at every step: with that, one turn is enough for an exchange of quality 2 between two
 * clients through a broker in this process. Eight leave room for libraries that take a few turns in between.
 */
const QUIET_TURNS = 8;

/**
 * A clock that jumps to the next timer when nothing else is runnable, so that a night passes in seconds.
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

  /**
   * @param start - first time shown, milliseconds since 1970
   * @param turn - waits for one turn of the event loop (setImmediate); given from outside since base has no timers
   */
  constructor(start: number, turn: () => Promise<void>) {
    this.#now = start;
    this.#turn = turn;
  }

  now(): number {
    return this.#now;
  }

  at(at: number, due: () => void): Cancel {
    const timer: Timer = { at: Math.max(at, this.#now), order: this.#order++, due, cancelled: false };
    this.#timers.push(timer);
    this.touch();
    return () => {
      timer.cancelled = true;
    };
  }

  touch(): void {
    this.#quiet = 0;
    this.#start();
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
      } else {
        this.#advance();
      }
      this.#quiet = 0;
    }
    this.#running = false;
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

/** Binary heap of timers by time, then by registration; cancelled timers are dropped when they surface. */
class TimerHeap {
  readonly #items: Timer[] = [];

  next(): Timer | undefined {
    while (this.#items[0]?.cancelled) this.pop();
    return this.#items[0];
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

  pop(): void {
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
