import type { EventOf } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import type { Store } from "../../record/store.ts";

/** What watchdogs did that the journal doesn't have. */
export async function firingsSince(
  store: Pick<Store, "firings">,
  key: string,
  stored: readonly JournalEntry[],
): Promise<EventOf<"watchdog.fired">[]> {
  const known = new Set(
    stored.map(eventOf).flatMap((event) => (event.type === "watchdog.fired" ? [event.at] : [])),
  );
  return (await store.firings(key)).filter(({ at }) => !known.has(at));
}
