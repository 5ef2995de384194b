import type { AlarmPriority } from "../../loop/event.ts";
import type { WatchedConditions } from "../watch/watched.ts";
import type { Delays } from "./debounce.ts";

/** An alarm over readings. */
export interface ReadingAlarm extends WatchedConditions, Delays {
  readonly name: string;
  readonly priority: AlarmPriority;
  /** What a person does about it. */
  readonly say?: string;
  /** Alarms and interlocks that say the same and more: while one of them stands this one is suppressed. */
  readonly unless: readonly string[];
  /** Why it is out of service; it is in service when absent. */
  readonly off?: string;
}

/** What happens when nobody acknowledges an alarm. */
export interface Escalation {
  /** Milliseconds without acknowledgement. */
  readonly after: number;
  /** Priorities that it is about, as they were raised; all of them when absent. */
  readonly of?: readonly AlarmPriority[];
  /** The priority from then on, if that is greater; it is only told again when absent. */
  readonly to?: AlarmPriority;
}

/** What raises alarms by itself, with a priority that the lab file may set. */
export const SOURCES = [
  "trip-abort",
  "trip-halt",
  "trip-pause",
  "halt",
  "unsafe",
  "watchdog",
  "doubt",
  "instrument",
  "failure",
  "question",
] as const;

/** One of what raises alarms by itself. */
export type PrioritySource = (typeof SOURCES)[number];

/** How a lab treats its alarms. */
export interface AlarmPolicy {
  readonly priorities: Readonly<Record<PrioritySource, AlarmPriority>>;
  readonly escalate: readonly Escalation[];
  /** Milliseconds for which an alarm can be shelved at most. */
  readonly longestShelf: number;
  readonly readings: readonly ReadingAlarm[];
}

const HOUR = 3_600_000;

/** The policy of a lab whose file says nothing. */
export const USUAL_POLICY: AlarmPolicy = {
  priorities: {
    "trip-abort": "critical",
    "trip-halt": "critical",
    "trip-pause": "high",
    halt: "critical",
    unsafe: "critical",
    watchdog: "critical",
    doubt: "high",
    instrument: "high",
    failure: "medium",
    question: "high",
  },
  escalate: [],
  // A shift: who comes next should see what is put aside.
  longestShelf: 8 * HOUR,
  readings: [],
};
