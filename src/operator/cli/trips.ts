import type { EventOf } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";

/** Who acknowledged a trip, and when. */
export interface Acknowledgement {
  readonly by: string;
  readonly time: string;
}

/** A trip of an interlock, and what became of it. */
export interface TripRecord extends Omit<EventOf<"interlock.tripped">, "type"> {
  readonly time: string;
  readonly acknowledged?: Acknowledgement;
}

/**
 * The trips of a journal.
 *
 * @param later - acknowledgements that came when the campaign was over, which its journal doesn't have
 */
export function tripsIn(
  entries: readonly JournalEntry[],
  later: readonly Acknowledgement[] = [],
): TripRecord[] {
  return entries.flatMap((entry, i) => {
    const event = eventOf(entry);
    if (event.type !== "interlock.tripped") return [];
    const { type: _, ...trip } = event;
    const acknowledged = entries.slice(i).flatMap(acknowledgementIn)[0] ?? later.at(-1);
    return [{ time: entry.time, ...trip, ...(acknowledged && { acknowledged }) }];
  });
}

/** Who halted the campaign of a journal, in words. */
export function haltsIn(entries: readonly JournalEntry[]): string[] {
  return entries.flatMap((entry) => {
    const event = entry.kind === "person.requested" ? eventOf(entry) : undefined;
    if (event?.type !== "person.requested" || event.request !== "halt") return [];
    return [`halted by ${event.by}${event.why === undefined ? "" : `: ${event.why}`}`];
  });
}

function acknowledgementIn(entry: JournalEntry): Acknowledgement[] {
  if (entry.kind !== "person.requested") return [];
  const event = eventOf(entry) as EventOf<"person.requested">;
  return event.request === "acknowledge" ? [{ by: event.by, time: entry.time }] : [];
}
