import type { AlarmPriority, TripReading } from "../../loop/event.ts";
import type { Lasting, Standing } from "./standing.ts";

/** What an alarm comes from. */
export type AlarmSource =
  | "reading"
  | "finding"
  | "question"
  | "trip"
  | "halt"
  | "watchdog"
  | "failure"
  | "doubt"
  | "instrument"
  | "unsafe"
  | "interrupted";

/** For how long an alarm is put aside, by whom and why. */
export interface Shelf {
  /** Milliseconds since 1970 at which it returns by itself. */
  readonly until: number;
  readonly by: string;
  readonly why?: string;
}

/** An alarm and where it stands; plain data, a fold over the journal. */
export interface Alarm {
  readonly name: string;
  readonly source: AlarmSource;
  readonly lasts: Lasting;
  readonly standing: Standing;
  /** With what escalation made of it. */
  readonly priority: AlarmPriority;
  /** As it was raised. */
  readonly usual: AlarmPriority;
  /** When it was raised, milliseconds since 1970. */
  readonly since: number;
  /** Since when somebody should acknowledge it: escalation counts from there. */
  readonly waits: number;
  /** How often it was raised before it was normal again. */
  readonly times: number;
  /** What is the matter; empty as long as it was never raised. */
  readonly cause: string;
  /** What a person does about it. */
  readonly say?: string;
  readonly readings: readonly TripReading[];
  /** Whether it goes on and off so often that it is held. */
  readonly chattering?: true;
  /** Rules of escalation that were applied. */
  readonly escalated: readonly number[];
  /** Who acknowledged it last. */
  readonly acknowledgedBy?: string;
  readonly shelf?: Shelf;
  /** The alarm that says the same and more. */
  readonly suppressedBy?: string;
  /** Why the lab file has it out of service. */
  readonly off?: string;
}

/** Where an alarm stands, or why it isn't shown among those that want attention. */
export type AlarmState = Standing | "shelved" | "suppressed" | "out of service";

/** Priorities from the least to the greatest. */
export const PRIORITIES: readonly AlarmPriority[] = ["low", "medium", "high", "critical"];

/** The state of an alarm. */
export function stateOf({ standing, shelf, suppressedBy, off }: Alarm): AlarmState {
  if (off !== undefined) return "out of service";
  if (shelf !== undefined) return "shelved";
  return suppressedBy !== undefined && standing !== "normal" ? "suppressed" : standing;
}

/** Whether somebody should see an alarm and nobody has said so. */
export function isUnacknowledged(alarm: Alarm): boolean {
  const state = stateOf(alarm);
  return state === "unacknowledged" || state === "returned";
}

/** Whether an alarm belongs into the list of what wants attention. */
export function isStanding(alarm: Alarm): boolean {
  const state = stateOf(alarm);
  return isUnacknowledged(alarm) || state === "acknowledged" || state === "latched";
}

/** Whether a priority is greater than another one. */
export function isGreater(a: AlarmPriority, b: AlarmPriority): boolean {
  return PRIORITIES.indexOf(a) > PRIORITIES.indexOf(b);
}

/** The greater of two priorities. */
export function greater(a: AlarmPriority, b: AlarmPriority): AlarmPriority {
  return isGreater(a, b) ? a : b;
}

/** Alarms with what matters most first: unacknowledged before others, then by priority, then the oldest. */
export function byUrgency(alarms: readonly Alarm[]): Alarm[] {
  const rank = (alarm: Alarm): number =>
    PRIORITIES.indexOf(alarm.priority) + (isUnacknowledged(alarm) ? 10 : 0);
  return [...alarms].sort((a, b) => rank(b) - rank(a) || a.since - b.since || (a.name < b.name ? -1 : 1));
}

/** Why an alarm can't be shelved; undefined when it can. */
export function whyNotShelved({ priority, lasts, off }: Alarm): string | undefined {
  if (off !== undefined) return "it is out of service";
  if (lasts === "latch") return "it holds the lab's actions";
  return priority === "critical" ? "it is critical" : undefined;
}
