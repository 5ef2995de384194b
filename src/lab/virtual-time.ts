import { VirtualClock } from "../base/virtual-clock.ts";

/** A virtual clock that shares the event loop with everything else in the process. */
export function virtualTime(start: number): VirtualClock {
  return new VirtualClock(start, () => new Promise((resolve) => setImmediate(resolve)));
}
