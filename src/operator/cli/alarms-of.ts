import { type Alarm, isStanding, stateOf } from "../../lab/alarm/alarm.ts";
import { dueOf } from "../../lab/alarm/due.ts";
import { type AlarmBook, bookOf, foldAlarms } from "../../lab/alarm/fold-alarms.ts";
import type { AlarmPolicy } from "../../lab/alarm/policy.ts";
import { isHeld } from "../../lab/ownership.ts";
import { firingsSince } from "../../lab/watchdog/firings-since.ts";
import type { LoopEvent } from "../../loop/event.ts";
import type { JournalEntry } from "../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../record/store.ts";
import { entriesOf, readCampaign } from "./stored-campaign.ts";

/** The alarms of a campaign, and what is needed to tell them. */
export interface AlarmsOfCampaign {
  readonly row: CampaignRow;
  readonly zone: string;
  readonly policy: AlarmPolicy;
  readonly book: AlarmBook;
}

/** Whether a campaign stands on real instruments with nobody driving it, before it is concluded. */
export function isInterrupted(row: CampaignRow): boolean {
  return !row.simulated && row.state !== "concluded" && !isHeld(row);
}

/** What happened to a campaign besides what its journal tells: what watchdogs did, and what people said when it was over. */
export type Outside = readonly { readonly at: number; readonly event: LoopEvent }[];

/** Reads what the journal of a campaign doesn't have. */
export async function outsideOf(
  store: Store,
  { key }: CampaignRow,
  journal: readonly JournalEntry[],
): Promise<Outside> {
  return [
    ...(await firingsSince(store, key, journal)).map((event) => ({ event, at: event.at })),
    ...(await store.afterwards(key)).map(({ request, time }) => {
      return { event: { type: "person.requested", ...request } as const, at: Date.parse(time) };
    }),
  ];
}

/** The alarms that a journal and what happened besides leave behind. */
export function alarmsAfter(
  policy: AlarmPolicy,
  row: CampaignRow,
  journal: readonly JournalEntry[],
  outside: Outside,
): AlarmBook {
  const book = outside.reduce(
    (all, { event, at }) => foldAlarms(policy, all, event, at),
    bookOf(policy, journal),
  );
  return isInterrupted(row) ? abandoned(policy, book, row, journal) : book;
}

/** The alarms of a campaign; undefined when its files can't be read. */
export async function alarmsOf(store: Store, row: CampaignRow): Promise<AlarmsOfCampaign | undefined> {
  const stored = await readCampaign(store, row);
  if (stored.kind === "faults") return undefined;
  const { alarms: policy, zone } = stored.loaded.lab;
  const journal = await entriesOf(store, row);
  const book = alarmsAfter(policy, row, journal, await outsideOf(store, row, journal));
  return { row, zone, policy, book };
}

/** The alarms of a campaign that nobody drives: what was shelved has returned, and that nobody does is one more. */
function abandoned(
  policy: AlarmPolicy,
  book: AlarmBook,
  { key }: CampaignRow,
  journal: readonly JournalEntry[],
): AlarmBook {
  const now = Date.now();
  const returned = dueOf(policy, book)
    .filter(({ at, event }) => at <= now && event.type === "alarm.unshelved")
    .reduce((all, { event, at }) => foldAlarms(policy, all, event, at), book);
  const since = Date.parse(journal.at(-1)?.time ?? "") || now;
  const interrupted: Alarm = {
    name: "interrupted",
    source: "interrupted",
    lasts: "condition",
    standing: "unacknowledged",
    priority: "high",
    usual: "high",
    since,
    waits: since,
    times: 1,
    cause: "no process drives this campaign: it was ended, or its journal could not be written",
    say: `look at the bench, then \`labloop resume ${key}\``,
    readings: [],
    escalated: [],
  };
  return { ...returned, interrupted };
}

/** An alarm as programs read it. */
export function alarmRecord(alarm: Alarm): Record<string, unknown> {
  const { name, source, priority, usual, since, times, cause, say, readings, chattering, shelf } = alarm;
  const { acknowledgedBy, suppressedBy, off } = alarm;
  return {
    alarm: name,
    state: stateOf(alarm),
    standing: isStanding(alarm),
    source,
    priority,
    ...(usual !== priority && { raisedAs: usual }),
    ...(times > 0 && { since: new Date(since).toISOString(), times, cause }),
    ...(say !== undefined && { say }),
    readings: readings.map(({ at, ...each }) => ({ ...each, time: new Date(at).toISOString() })),
    ...(chattering && { chattering }),
    ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    ...(shelf && { shelved: { ...shelf, until: new Date(shelf.until).toISOString() } }),
    ...(suppressedBy !== undefined && { suppressedBy }),
    ...(off !== undefined && { outOfService: off }),
  };
}
