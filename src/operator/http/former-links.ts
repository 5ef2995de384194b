import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";

/** The digests of the links that a journal says were given with messages. */
export function formerLinks(entries: readonly JournalEntry[]): readonly string[] {
  return entries
    .filter(({ kind }) => kind === "notification.sent" || kind === "notification.failed")
    .map(eventOf)
    .flatMap((event) =>
      event.type === "notification.sent" || event.type === "notification.failed" ? (event.links ?? []) : [],
    );
}
