import type { LoopEvent } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";

/** A command of which it wasn't known whether it was done, and what became of it. */
export interface DoubtRecord {
  readonly time: string;
  readonly experiment: number;
  /** Role and action, such as "pump.dispense". */
  readonly action: string;
  /** In words. */
  readonly settled: string;
}

/** What people asked of a campaign, as its journal tells it. */
export interface RequestRecord {
  readonly time: string;
  readonly request: string;
  readonly by: string;
  readonly why?: string;
}

/** The commands of a journal that were in doubt: without a result when their process died, or ended with an unknown effect. */
export function doubtsIn(entries: readonly JournalEntry[]): DoubtRecord[] {
  const lost = new Set<string>();
  return entries.flatMap((entry) => {
    const event = eventOf(entry);
    if (event.type === "campaign.resumed") for (const id of event.inDoubt) lost.add(id);
    const settled = settlementOf(event, "command" in event && lost.delete(event.command));
    if (settled === undefined || (event.type !== "action.finished" && event.type !== "action.failed"))
      return [];
    const { experiment, instrument, action } = event;
    return [{ time: entry.time, experiment, action: `${instrument}.${action}`, settled }];
  });
}

function settlementOf(event: LoopEvent, wasLost: boolean): string | undefined {
  if (event.type === "action.finished") {
    const counted = event.flags?.find((flag) => flag.includes("counts as done"));
    return counted ?? (wasLost ? "done, after labloop was started again" : undefined);
  }
  if (event.type !== "action.failed" || (event.effect === "none" && !wasLost)) return undefined;
  const { discardedBy, skippedBy, fault } = event;
  if (discardedBy !== undefined) return `its sample was discarded, as ${discardedBy} says: ${fault.message}`;
  if (skippedBy !== undefined) return `skipped, as ${skippedBy} says: ${fault.message}`;
  const what = event.effect === "none" ? "it did nothing" : "the sample is left without a measurement";
  return `${what}: ${fault.message}`;
}

/** What people asked for, in order. */
export function requestsIn(entries: readonly JournalEntry[]): RequestRecord[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== "person.requested") return [];
    const event = eventOf(entry);
    if (event.type !== "person.requested") return [];
    const { request, by, why } = event;
    return [{ time: entry.time, request, by, ...(why !== undefined && { why }) }];
  });
}
