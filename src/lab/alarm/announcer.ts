import type { LoopEvent } from "../../loop/event.ts";
import { type Alarm, isGreater, isUnacknowledged } from "./alarm.ts";
import { FLOOD, FLOOD_WINDOW, isHeldInFlood } from "./flood.ts";
import { type AlarmBook, beginAlarms, foldAlarms } from "./fold-alarms.ts";
import type { AlarmPolicy } from "./policy.ts";

/** What a person is told of an alarm, or of many at once. */
export type Announcement =
  | { readonly kind: "alarm"; readonly alarm: Alarm; readonly why: "raised" | "again" | "chattering" }
  /** There are so many alarms that those below high are no longer told one by one until there are fewer. */
  | { readonly kind: "flood"; readonly standing: readonly Alarm[] };

/** The port through which people are told; nobody waits for it, and what it throws is lost. */
export type Announce = (announcement: Announcement) => void;

/** Tells people of alarms as the entries of a journal become durable, each once unless it escalates. */
export class Announcer {
  readonly #policy: AlarmPolicy;
  readonly #announce: Announce;
  #book: AlarmBook;
  #told: readonly number[] = [];
  #floods = false;

  /** @param book - the alarms that were told before; those of a lab before anything happened when absent */
  constructor(policy: AlarmPolicy, announce: Announce, book: AlarmBook = beginAlarms(policy)) {
    this.#policy = policy;
    this.#announce = announce;
    this.#book = book;
  }

  get book(): AlarmBook {
    return this.#book;
  }

  /**
   * Takes in an event that is durable.
   *
   * @param now - when it happened, milliseconds since 1970
   */
  event(event: LoopEvent, now: number): void {
    const before = this.#book;
    this.#book = foldAlarms(this.#policy, before, event, now);
    if (this.#book === before) return;
    for (const alarm of Object.values(this.#book)) {
      const why = reason(before[alarm.name], alarm);
      if (why !== undefined) this.#tell({ kind: "alarm", alarm, why }, now);
    }
  }

  #tell(announcement: Extract<Announcement, { kind: "alarm" }>, now: number): void {
    this.#told = [...this.#told.filter((at) => at > now - FLOOD_WINDOW), now];
    const floods = this.#told.length > FLOOD;
    if (floods && !this.#floods)
      this.#safely({ kind: "flood", standing: Object.values(this.#book).filter(isUnacknowledged) });
    this.#floods = floods;
    if (!floods || !isHeldInFlood(announcement.alarm.priority)) this.#safely(announcement);
  }

  #safely(announcement: Announcement): void {
    try {
      this.#announce(announcement);
    } catch {
      // That somebody can't be told must not stop a campaign; the alarm stands in the list all the same.
    }
  }
}

/** Why a person should hear of an alarm, if there is a reason. */
function reason(before: Alarm | undefined, after: Alarm): "raised" | "again" | "chattering" | undefined {
  if (before === after || !isUnacknowledged(after)) return undefined;
  if (before === undefined || !isUnacknowledged(before)) return "raised";
  if (after.escalated.length > before.escalated.length) return "again";
  if (after.chattering && !before.chattering) return "chattering";
  const rises = isGreater(after.priority, before.priority);
  return rises || (before.standing === "returned" && after.standing === "unacknowledged")
    ? "again"
    : undefined;
}
