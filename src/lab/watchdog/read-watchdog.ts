import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { readTime } from "../../campaign/compile/values.ts";
import type { WrittenLab } from "../lab-schema.ts";

/** Milliseconds; with the time that a pump or a bath takes to be told, the lab is safe within two seconds. */
const USUAL = 1000;
/** Milliseconds; a fit that is stored or a collection of garbage may hold labloop for some 100 ms. */
const SHORTEST = 500;
/** Milliseconds; later than that a person would have seen it. */
const LONGEST = 60_000;

/** How long labloop may be silent before the watchdog of the lab acts, in milliseconds; undefined for no watchdog. */
export function readWatchdog(faults: FaultCollector, { watchdog }: WrittenLab): number | undefined {
  if (watchdog === "off") return undefined;
  if (watchdog?.after === undefined) return USUAL;
  const path = ["watchdog", "after"];
  const after = readTime(faults, path, watchdog.after);
  if (after !== undefined && (after < SHORTEST || after > LONGEST))
    faults.add(
      "lab.bad-time",
      path,
      `"${watchdog.after}" is no time from ${SHORTEST / 1000} s to ${LONGEST / 1000} s`,
      'write how long labloop may be silent, such as "1 s"',
    );
  return after;
}
