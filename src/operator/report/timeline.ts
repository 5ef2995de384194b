import type { EventOf, LoopEvent } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import type { Outside } from "../cli/alarms-of.ts";
import {
  describeApproval,
  describeDuration,
  describeFiring,
  describeOverdue,
  describeParking,
  describeRequestDetail,
  describeResumption,
  describeSuspects,
  describeTime,
} from "../cli/describe.ts";
import { doubtsIn } from "../cli/doubts.ts";

/** Something of a night that a person should know. */
export interface Incident {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** In a word or two, such as "tripped". */
  readonly what: string;
  readonly text: string;
  /** Whether it is worth a mark in the chart of the night. */
  readonly marked: boolean;
}

/** A time in which nothing went on. */
export interface Rest {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** What happened to a campaign besides its experiments, in order. */
export function timelineOf(entries: readonly JournalEntry[], outside: Outside, zone: string): Incident[] {
  const told = [
    ...entries.map((entry) => ({ at: Date.parse(entry.time), event: eventOf(entry) })),
    ...outside,
  ];
  const doubts = doubtsIn(entries).map(({ time, experiment, action, settled }): Incident => {
    return marked(Date.parse(time), "in doubt", `${action} of experiment ${experiment}: ${settled}`);
  });
  const incidents = told.flatMap(({ at, event }) => incidentsOf(at, event, zone));
  return [...incidents, ...doubts].sort((a, b) => a.at - b.at);
}

function marked(at: number, what: string, text: string): Incident {
  return { at, what, text, marked: true };
}

function plain(at: number, what: string, text: string): Incident {
  return { at, what, text, marked: false };
}

function incidentsOf(at: number, event: LoopEvent, zone: string): Incident[] {
  switch (event.type) {
    case "campaign.started":
      return [plain(at, "began", `seed ${event.seed}`)];
    case "campaign.resumed":
      return [marked(at, "went on", describeResumption(event))];
    case "campaign.concluded":
      return [plain(at, "concluded", `${event.reason}, after ${event.experiments} experiments`)];
    case "interlock.tripped":
      return [marked(at, "tripped", tripped(event))];
    case "person.requested":
      return [marked(at, "asked for", `${event.request}${describeRequestDetail(event)}, by ${event.by}`)];
    case "watchdog.fired":
      return [marked(event.at, "watchdog", describeFiring(event))];
    case "window.opened":
      return [plain(at, "window", opened(event, zone))];
    case "window.closing":
      return [
        marked(
          at,
          "window",
          event.ends === "all" ? "it closes: everything is made safe" : "it closes: what runs is discarded",
        ),
      ];
    case "action.overdue":
      return [marked(at, "overdue", describeOverdue(event))];
    case "action.failed":
      // What is unknown is told as a doubt, with what became of it.
      return event.effect === "unknown" ? [] : [marked(at, "failed", failed(event))];
    case "experiment.reviewed":
      return reviewed(at, event);
    case "measurement.recorded":
      return judged(at, event);
    case "person.answered":
      return [plain(at, "answered", `${event.text}: ${event.answer || "done"}`)];
    case "instruments.rested":
    case "instruments.parked":
      return event.unknown.length === 0
        ? [
            plain(
              at,
              "parked",
              event.left === undefined ? "all instruments are in their safe state" : describeParking(event),
            ),
          ]
        : [marked(at, "NOT parked", event.unknown.map(({ message }) => message).join("; "))];
    case "alarm.raised":
      return [marked(at, "alarm", `${event.priority}: ${event.alarm}: ${event.cause}`)];
    case "alarm.cleared":
      return [plain(at, "alarm", `${event.alarm} is over`)];
    case "alarm.chattering":
      return [
        plain(
          at,
          "alarm",
          `${event.alarm} went on ${event.times} times within ${describeDuration(event.within)}, and is held`,
        ),
      ];
    case "alarm.escalated":
      return [
        marked(at, "alarm", `${event.alarm} wasn't acknowledged, and is ${event.priority} from then on`),
      ];
    case "alarm.unshelved":
      return [plain(at, "alarm", `${event.alarm} is no longer put aside`)];
    case "question.answered":
      return [
        plain(
          at,
          "answered",
          `${event.text}: ${event.answer}, by ${event.by}${event.via === "link" ? " by a link" : ""}`,
        ),
      ];
    case "notification.queued":
      return [plain(at, event.simulated ? "would tell" : "told", `${event.to.join(", ")}: ${event.title}`)];
    case "notification.failed":
      return [marked(at, "NOT told", `${event.to} by ${event.channel}: ${event.fault.message}`)];
    case "notification.sent":
    case "suggestion.made":
    case "action.finished":
    case "timer.elapsed":
    case "turn.due":
    case "lease.given":
    case "belief.updated":
      return [];
  }
}

function tripped({ interlock, condition, then, readings }: EventOf<"interlock.tripped">): string {
  const read = readings.map(({ name, value, unit }) => `${name} ${value}${unit === "1" ? "" : ` ${unit}`}`);
  return `"${interlock}", ${condition}: ${then}${read.length > 0 ? ` (${read.join(", ")})` : ""}`;
}

function opened({ until }: EventOf<"window.opened">, zone: string): string {
  return until === null
    ? "none is left in which an experiment fits"
    : `it is open until ${describeTime(until, zone)}`;
}

function failed(event: EventOf<"action.failed">): string {
  const { instrument, action, experiment, fault, discardedBy, skippedBy } = event;
  const then =
    discardedBy !== undefined
      ? `; the sample is discarded, as ${discardedBy} says`
      : skippedBy !== undefined
        ? `; skipped, as ${skippedBy} says`
        : "";
  return `${instrument}.${action} of experiment ${experiment}: ${fault.message}${then}`;
}

function reviewed(
  at: number,
  { experiment, refused, approvals = [] }: EventOf<"experiment.reviewed">,
): Incident[] {
  const faults = refused.map(({ message }) => message).join("; ");
  return [
    ...approvals.map((each) => marked(at, "approval", `experiment ${experiment}: ${describeApproval(each)}`)),
    ...(faults === "" ? [] : [plain(at, "refused", `experiment ${experiment}: ${faults}`)]),
  ];
}

function judged(at: number, event: EventOf<"measurement.recorded">): Incident[] {
  const about = `experiment ${event.experiment}: `;
  const suspects = describeSuspects(event);
  if (suspects.length > 0) return [marked(at, "suspicious", about + suspects.join("; "))];
  return event.unusable.length === 0 ? [] : [marked(at, "unusable", about + event.unusable.join("; "))];
}

/** When a campaign was paused, and when no process drove it. */
export function restsIn(entries: readonly JournalEntry[], end: number): Rest[] {
  const rests: Rest[] = [];
  let paused: { readonly from: number; readonly label: string } | undefined;
  let before = 0;
  for (const entry of entries) {
    const now = Date.parse(entry.time);
    const event = eventOf(entry);
    if (event.type === "campaign.resumed") rests.push({ from: before, to: now, label: "no process" });
    if (paused === undefined) paused = pauseBy(event, now);
    else if (endsPause(event)) {
      rests.push({ ...paused, to: now });
      paused = undefined;
    }
    before = now;
  }
  return paused === undefined ? rests : [...rests, { ...paused, to: end }];
}

function pauseBy(event: LoopEvent, from: number): { from: number; label: string } | undefined {
  if (event.type === "person.requested" && event.request === "pause")
    return { from, label: `paused by ${event.by}` };
  return event.type === "interlock.tripped" && event.then === "pause"
    ? { from, label: `paused by interlock ${event.interlock}` }
    : undefined;
}

const ENDS_A_PAUSE: ReadonlySet<string> = new Set(["resume", "stop", "abort", "halt"]);

function endsPause(event: LoopEvent): boolean {
  return (
    event.type === "campaign.concluded" ||
    (event.type === "person.requested" && ENDS_A_PAUSE.has(event.request))
  );
}
