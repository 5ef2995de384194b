import { openSpanAt } from "../../campaign/window/window.ts";
import type { AlarmPriority, LoopEvent } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import { type Alarm, type AlarmSource, isGreater, isUnacknowledged, stateOf } from "../alarm/alarm.ts";
import { FLOOD, FLOOD_WINDOW, isHeldInFlood } from "../alarm/flood.ts";
import type { AlarmBook } from "../alarm/fold-alarms.ts";
import { timeOfDay } from "../lab-time.ts";
import type { NotifyPolicy, NotifyRule, Occasion } from "./notify-policy.ts";

/** How often and when a rule told of something. */
interface Told {
  /** Since when it wants attention; when it comes again, it is another matter. */
  readonly since: number;
  readonly rounds: number;
  /** When it was told last, milliseconds since 1970. */
  readonly at: number;
  readonly priority: AlarmPriority;
}

/** What people were told so far; plain data, a fold over the journal. */
export interface NotifyBook {
  /** Number of the latest notification. */
  readonly latest: number;
  /** By rule and what it is about. */
  readonly told: Readonly<Record<string, Told>>;
  /** When the latest notifications of each rule were made. */
  readonly recent: Readonly<Record<number, readonly number[]>>;
  /** When the campaign began or was taken up, from which mornings count. */
  readonly from: number | undefined;
}

/** Nobody was told anything yet. */
export const NOTHING_TOLD: NotifyBook = { latest: 0, told: {}, recent: {}, from: undefined };

/** What a morning's summary goes by. */
export const MORNING = "morning";

/**
 * What people were told after an event; the very same book where it says nothing of that.
 *
 * @param now - when it happened, milliseconds since 1970
 */
export function foldNotified(book: NotifyBook, event: LoopEvent, now: number): NotifyBook {
  if (event.type === "campaign.started") return { ...book, from: now };
  if (event.type !== "notification.queued" || event.number <= book.latest) return book;
  const { rule, about, number } = event;
  const told = about.map(({ name, since, priority }): [string, Told] => {
    const key = keyOf(rule, name);
    const before = book.told[key];
    const rounds = before?.since === since ? before.rounds + 1 : 1;
    return [key, { since, rounds, at: now, priority }];
  });
  const recent = [...(book.recent[rule] ?? []).slice(1 - FLOOD), now];
  return {
    ...book,
    latest: number,
    told: { ...book.told, ...Object.fromEntries(told) },
    recent: { ...book.recent, [rule]: recent },
  };
}

/** What a journal says that people were told. */
export function notifiedOf(entries: readonly JournalEntry[]): NotifyBook {
  return entries.reduce(
    (book, entry) => foldNotified(book, eventOf(entry), Date.parse(entry.time)),
    NOTHING_TOLD,
  );
}

function keyOf(rule: number, name: string): string {
  return `${rule} ${name}`;
}

/** An alarm that a rule tells of, or the summary of a morning. */
export interface DueNotice {
  readonly rule: number;
  /** Milliseconds since 1970; not after now when it is due. */
  readonly at: number;
  /** Which group of the rule's chain is told. */
  readonly group: number;
  /** Undefined for the summary of a morning. */
  readonly alarm: Alarm | undefined;
}

/** Everything that people are still to be told, as things stand, with the earliest first. */
export function noticesDue(
  { rules }: NotifyPolicy,
  book: NotifyBook,
  alarms: AlarmBook,
  zone: string,
): readonly DueNotice[] {
  const due = rules.flatMap((rule, i) => [
    ...Object.values(alarms).flatMap((alarm) => alarmDue(rule, i, book, alarm) ?? []),
    ...(morningDue(rule, i, book, zone) ?? []),
  ]);
  return due.sort((a, b) => a.at - b.at || a.rule - b.rule);
}

function alarmDue(rule: NotifyRule, i: number, book: NotifyBook, alarm: Alarm): DueNotice | undefined {
  if (!isUnacknowledged(alarm) || !tellsOf(rule, alarm)) return undefined;
  const before = book.told[keyOf(i, alarm.name)];
  const told = before?.since === alarm.waits ? before : undefined;
  const at = nextTelling(rule, alarm, told);
  if (at === undefined) return undefined;
  const group = Math.min(Math.floor((told?.rounds ?? 0) / rule.times), rule.chain.length - 1);
  return { rule: i, group, alarm, at: inPeace(rule, alarm.priority, notInFlood(book, i, alarm, at)) };
}

function nextTelling({ repeat }: NotifyRule, alarm: Alarm, told: Told | undefined): number | undefined {
  if (told === undefined) return alarm.waits;
  if (isGreater(alarm.priority, told.priority)) return told.at;
  // What is over by itself is told once.
  return repeat === undefined || stateOf(alarm) !== "unacknowledged" ? undefined : told.at + repeat;
}

/** What isn't urgent waits while a rule has just told so much that nobody could follow; it is told together then. */
function notInFlood(book: NotifyBook, rule: number, { priority }: Alarm, at: number): number {
  const recent = book.recent[rule] ?? [];
  const [first] = recent;
  const isFlood = first !== undefined && recent.length >= FLOOD && at < first + FLOOD_WINDOW;
  return isFlood && isHeldInFlood(priority) ? first + FLOOD_WINDOW : at;
}

/** The moment, or the end of the quiet hours in which it falls. */
function inPeace({ quiet }: NotifyRule, priority: AlarmPriority, at: number): number {
  if (quiet === undefined || priority === "critical") return at;
  return openSpanAt([quiet], at)?.to ?? at;
}

function morningDue(
  rule: NotifyRule,
  i: number,
  { from, told }: NotifyBook,
  zone: string,
): readonly DueNotice[] | undefined {
  if (rule.at === undefined || from === undefined) return undefined;
  const last = told[keyOf(i, MORNING)]?.at;
  const at = timeOfDay(rule.at, { after: last === undefined ? from : last + 1, zone });
  return at === undefined ? undefined : [{ rule: i, group: 0, alarm: undefined, at }];
}

const SOURCES: Partial<Readonly<Record<AlarmSource, Occasion>>> = {
  trip: "trip",
  halt: "trip",
  question: "question",
  doubt: "help",
  unsafe: "help",
  instrument: "help",
  watchdog: "help",
  failure: "failed",
};

function tellsOf({ on, least }: NotifyRule, { source, priority }: Alarm): boolean {
  const occasion = SOURCES[source];
  const isMeant = on.has("alarm") || (occasion !== undefined && on.has(occasion));
  return isMeant && !isGreater(least, priority);
}
