import { type Pace, VirtualClock } from "../base/virtual-clock.ts";

/** A virtual clock that shares the event loop with everything else in the process. */
export function virtualTime(start: number): VirtualClock {
  return new VirtualClock(start, turn);
}

/**
 * The clock on the wall, from a moment on and at another speed.
 *
 * @param start - what it shows at first, milliseconds since 1970
 * @param speed - seconds that pass in one of the wall's
 */
export function wallClock(start: number, speed: number): Pace {
  const began = Date.now();
  const now = (): number => start + (Date.now() - began) * speed;
  return {
    now,
    at: (at, reached) => {
      const timer = setTimeout(reached, Math.min(LONGEST, Math.max(0, (at - now()) / speed)));
      return () => clearTimeout(timer);
    },
  };
}

/** Longest time that setTimeout can wait. */
const LONGEST = 2 ** 31 - 1;

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
