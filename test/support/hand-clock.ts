import type { Cancel, Clock } from "../../src/base/clock.ts";

interface Timer {
  readonly at: number;
  readonly due: () => void;
}

/** A clock that goes on when a test tells it to. */
export class HandClock implements Clock {
  #now: number;
  #timers: readonly Timer[] = [];

  /** @param begin - milliseconds since 1970 */
  constructor(begin = 0) {
    this.#now = begin;
  }

  now(): number {
    return this.#now;
  }

  at(at: number, due: () => void): Cancel {
    const timer = { at, due };
    this.#timers = [...this.#timers, timer];
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  touch(): void {
    // It waits for nobody.
  }

  external<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  /** Goes on by so many milliseconds. */
  advance(by: number): void {
    this.to(this.#now + by);
  }

  /** Goes on until a moment, and has everything happen that is due by then, each at its time. */
  to(moment: number): void {
    for (;;) {
      const [next] = this.#timers.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > moment) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.due();
    }
    this.#now = moment;
  }
}
