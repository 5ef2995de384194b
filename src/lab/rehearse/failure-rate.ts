import { eventOf } from "../../record/journal-entry.ts";
import type { Store } from "../../record/store.ts";

/** How often something failed on real instruments. */
export interface FailureRate {
  /** Failures of one instrument in an hour. */
  readonly rate: number;
  readonly failures: number;
  /** Hours of instruments. */
  readonly hours: number;
}

/** Failures of one instrument in an hour where no record tells: one in two days. */
const GUESS = 1 / 48;

/** Counts failed actions of all campaigns on real instruments, by the hours in which their instruments were driven. */
export async function failureRate(store: Pick<Store, "campaigns" | "entries">): Promise<FailureRate> {
  let [failures, hours] = [0, 0];
  for (const row of await store.campaigns()) {
    if (row.simulated) continue;
    const instruments = new Set<string>();
    let [first, last] = [Number.NaN, Number.NaN];
    for await (const entry of store.entries(row.key)) {
      const at = Date.parse(entry.time);
      if (Number.isNaN(first)) first = at;
      last = at;
      if (entry.kind !== "action.finished" && entry.kind !== "action.failed") continue;
      const event = eventOf(entry);
      if (event.type === "action.finished" || event.type === "action.failed")
        instruments.add(event.instrument);
      if (event.type === "action.failed") failures += 1;
    }
    if (last > first) hours += (instruments.size * (last - first)) / 3_600_000;
  }
  return { failures, hours, rate: failures === 0 ? GUESS : failures / hours };
}
