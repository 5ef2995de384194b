import type { Cancel, Clock } from "../base/clock.ts";

/** Longest time that setTimeout can wait. */
const LONGEST = 2 ** 31 - 1;

/** The clock on the wall. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  at(at: number, due: () => void): Cancel {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = at - Date.now();
      timer = left > LONGEST ? setTimeout(wait, LONGEST) : setTimeout(due, Math.max(0, left));
    };
    wait();
    return () => clearTimeout(timer);
  }

  touch(): void {
    // Real time goes on by itself.
  }

  external<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}
