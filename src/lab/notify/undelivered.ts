import type { Notification } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";

/** Messages of a journal of which it doesn't say that one was sent or given up: they may never have left. */
export function undelivered(entries: readonly JournalEntry[]): readonly Notification[] {
  const open = new Map<number, Notification>();
  for (const entry of entries) {
    if (!entry.kind.startsWith("notification.")) continue;
    const event = eventOf(entry);
    if (event.type === "notification.queued") open.set(event.number, event);
    if (event.type === "notification.sent" || event.type === "notification.failed") open.delete(event.number);
  }
  return [...open.values()];
}
