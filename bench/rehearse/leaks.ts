import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** MB on the heap once everything that nobody needs is gone. */
export function heap(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** What keeps the process alive: timers, sockets, threads. */
export function handles(): number {
  return process.getActiveResourcesInfo().filter((each) => each !== "TTYWrap" && each !== "PipeWrap").length;
}
