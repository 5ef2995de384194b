import type { Fault } from "../base/fault.ts";
import type { Reasons } from "../experiment/design/task/suggestion.ts";
import type { Setting } from "../hypothesis/parameter.ts";
import type { Suspect } from "../measurement/quality/run-record.ts";
import type { BeliefReport } from "../update/explain/belief-report.ts";
import type { OverduePolicy } from "./suspicion.ts";

/** A value with its unit and standard uncertainty. */
export interface MeasuredValue {
  readonly value: number;
  readonly unit: string;
  readonly standardUncertainty: number;
}

/** How a campaign is run: on real instruments, on simulated ones in real time, or in virtual time. */
export type RunMode = "live" | "real-time" | "virtual";

/** Why a campaign ended. */
export type ConcludedReason =
  | "goal reached"
  | "hypothesis decided"
  | "no more gain"
  | "budget of experiments used"
  | "budget of time used"
  | "consumables used up"
  | "nothing left to try"
  | "no window left"
  | "stopped by a person"
  | "aborted by a person"
  | "halted by a person"
  | "interlock"
  | "too many failures"
  | "outcome unknown";

/** What is best so far. */
export interface Best {
  readonly experiment: number;
  readonly setting: Setting;
  readonly outcome: Readonly<Record<string, number>>;
}

/** What a person can ask of a running campaign. */
export type RequestKind =
  | "pause"
  | "resume"
  | "skip"
  | "retry"
  | "repeat"
  | "discard"
  | "stop"
  | "abort"
  | "halt"
  | "acknowledge"
  | "acknowledge-alarm"
  | "shelve"
  | "unshelve"
  | "answer";

/**
 * What still goes on when a campaign is paused: the running experiment to its end, its step under way, or only an action
 * that would spoil the sample if it was broken off.
 */
export type PauseAt = "experiment" | "step" | "now";

/** What a person wants of a running campaign. */
export interface PersonRequest {
  readonly request: RequestKind;
  readonly by: string;
  /** In the person's words. */
  readonly why?: string;
  /** Of what is asked about one of the experiments under way: its number; about all of them where absent. */
  readonly experiment?: number;
  /** Of a pause; "experiment" where absent. */
  readonly at?: PauseAt;
  /** Of a repetition: which experiment, and what it had set. */
  readonly repeated?: { readonly experiment: number; readonly setting: Setting };
  /** Of what is asked about alarms: the name of one, or "all". */
  readonly alarm?: string;
  /** Of an answer: the name of the question, such as "question.3", what it asks, and what is answered. */
  readonly question?: string;
  readonly about?: string;
  readonly answer?: string;
  /** Of an answer: how it came; at a terminal where absent. */
  readonly via?: "link";
  /** Of shelving: milliseconds until the alarm returns by itself. */
  readonly for?: number;
}

/**
 * How much an alarm matters, by what comes of it when nobody does anything and by the time there is: a nuisance some time
 * today (low), a sample within the hour (medium), the night within minutes (high), an instrument or a person now (critical).
 */
export type AlarmPriority = "low" | "medium" | "high" | "critical";

/** An alarm that something raises by itself: readings, a finding about the lab, a question that waits for a person. */
export interface RaisedAlarm {
  /** Unique among the alarms of a lab: what is raised again under one name is the same alarm. */
  readonly alarm: string;
  readonly source: "reading" | "finding" | "question";
  readonly priority: AlarmPriority;
  /** What is the matter, in one sentence. */
  readonly cause: string;
  /** What a person does about it. */
  readonly say?: string;
  readonly readings: readonly TripReading[];
  /** Of a question. */
  readonly question?: AskedQuestion;
}

/** How a question can be answered. */
export interface AskedQuestion {
  /** What can be answered; that it is done, in whatever words, where absent. */
  readonly answers?: readonly string[];
  /** Login names or roles of who may answer; anybody where absent. */
  readonly by?: readonly string[];
  /** Milliseconds since 1970 from which `otherwise` counts as the answer. */
  readonly until?: number;
  readonly otherwise?: string;
}

/** A message to people, as data. */
export interface Notification {
  /** From 1. */
  readonly number: number;
  /** Which rule of the lab file, from 0. */
  readonly rule: number;
  /** Alarms by name, "morning", "end" or "broken"; since when each wants attention, milliseconds since 1970. */
  readonly about: readonly {
    readonly name: string;
    readonly since: number;
    readonly priority: AlarmPriority;
  }[];
  /** People by their names in the lab file. */
  readonly to: readonly string[];
  readonly priority: AlarmPriority;
  readonly title: string;
  readonly text: string;
  /** Whether it is only told what would be sent, as in a rehearsal. */
  readonly simulated?: true;
}

/**
 * What follows when an interlock trips: no further action until a person goes on, the safe state of all instruments, or
 * that before anything is written down.
 */
export type TripAction = "pause" | "abort" | "halt";

/** A reading that an interlock was judged by. */
export interface TripReading {
  /** Instrument and property, such as "bath.temperature". */
  readonly name: string;
  /** In the unit that the driver declares. */
  readonly value: number;
  readonly unit: string;
  /** When it was read, milliseconds since 1970. */
  readonly at: number;
}

/** What a person said of an experiment that a rule of safety lets begin only when somebody approves of it. */
export interface Approval {
  /** Name of the rule in the lab file or the campaign file. */
  readonly rule: string;
  /** What the rule says about itself. */
  readonly why: string;
  /** What it is about this experiment. */
  readonly what: string;
  readonly answer: "approve" | "refuse";
  /** Who answered; "simulated" where nobody is there, which counts as approved. */
  readonly by: string;
}

/** A result that was not used until its experiment was done once more. */
export interface WithheldResult {
  readonly experiment: number;
  readonly setting: Setting;
  readonly values: Readonly<Record<string, MeasuredValue>>;
}

/** Everything that can happen to a campaign. */
export type LoopEvent =
  | {
      readonly type: "campaign.started";
      readonly name: string;
      readonly seed: number;
      /** On real instruments; on simulated ones in real or in virtual time. */
      readonly mode: RunMode;
      /** Seconds of lab time that pass in one on simulated instruments in real time, where it isn't one. */
      readonly speed?: number;
      /** SHA-256 of the files as they were run. */
      readonly files: Readonly<Record<string, string>>;
      /** Ids of the campaigns that it shares its lab with; absent where it has the lab for itself. */
      readonly together?: readonly string[];
    }
  | {
      readonly type: "suggestion.made";
      readonly command: string;
      readonly decision: number;
      readonly suggestions: readonly { readonly setting: Setting; readonly reasons: Reasons }[];
    }
  | {
      readonly type: "experiment.reviewed";
      readonly command: string;
      readonly experiment: number;
      readonly refused: readonly Fault[];
      /** Answers of a person, where rules of safety asked for them. */
      readonly approvals?: readonly Approval[];
      /** Milliseconds that the experiment takes at most, where windows of time have to be kept; absent where nobody knows. */
      readonly longest?: number;
      /** Milliseconds that its actions are expected to take, by instruction, where experiments share the lab. */
      readonly takes?: Readonly<Record<number, number>>;
      /** Whether it is refused since stock runs out or waste runs over, so that the campaign ends at its turn. */
      readonly exhausted?: true;
    }
  | {
      readonly type: "action.finished";
      readonly command: string;
      readonly experiment: number;
      readonly instrument: string;
      readonly action: string;
      readonly arguments: Readonly<Record<string, number | string>>;
      readonly readings: Readonly<Record<string, number>>;
      readonly flags?: readonly string[];
    }
  | {
      readonly type: "action.failed";
      readonly command: string;
      readonly experiment: number;
      readonly instrument: string;
      readonly action: string;
      readonly arguments: Readonly<Record<string, number | string>>;
      readonly fault: Fault;
      /** Whether certainly nothing happened. */
      readonly effect: "none" | "unknown";
      /** Whose decision it is that the sample is discarded, so that the campaign goes on: the file's or a person's. */
      readonly discardedBy?: string;
      /** Who had the step skipped, so that the procedure goes on behind it. */
      readonly skippedBy?: string;
    }
  /** An action goes on for much longer than it usually takes. */
  | {
      readonly type: "action.overdue";
      readonly experiment: number;
      /** The command that it carries out. */
      readonly about: string;
      readonly instrument: string;
      readonly action: string;
      /** For how long it has been going on, in milliseconds. */
      readonly after: number;
      /** What it usually takes, in milliseconds, and how many actions that is known from. */
      readonly usual: { readonly median: number; readonly p95: number; readonly n: number };
      /** What becomes of it, as the campaign file says. */
      readonly then: OverduePolicy;
    }
  | {
      readonly type: "timer.elapsed";
      readonly command: string;
      readonly experiment: number;
      readonly skippedBy?: string;
    }
  | {
      readonly type: "person.answered";
      readonly command: string;
      readonly experiment: number;
      readonly text: string;
      readonly answer: string;
      readonly skippedBy?: string;
    }
  | {
      readonly type: "measurement.recorded";
      readonly command: string;
      readonly experiment: number;
      readonly setting: Setting;
      readonly values: Readonly<Record<string, MeasuredValue>>;
      /** What is wrong with the measurement; it is not used for decisions when this isn't empty. */
      readonly unusable: readonly string[];
      /** In what ways the experiment is unlike those before it. */
      readonly suspect?: readonly Suspect[];
      /** Who decided what becomes of a suspect result: the campaign file, or a person. */
      readonly judgedBy?: string;
      /** Whether it is not used before the experiment was done once more. */
      readonly withheld?: true;
      /** The withheld result of the same setting that this one agrees with, so that both are used. */
      readonly confirms?: WithheldResult;
    }
  | {
      readonly type: "belief.updated";
      readonly command: string;
      readonly experiment: number;
      readonly report: BeliefReport;
    }
  | ({ readonly type: "person.requested" } & PersonRequest)
  | {
      readonly type: "interlock.tripped";
      readonly interlock: string;
      /** What held, such as "above 90 degC". */
      readonly condition: string;
      /** What brought it about; empty when nothing could be read. */
      readonly readings: readonly TripReading[];
      readonly then: TripAction;
      /** Name of the safe procedure that is carried out before every instrument is told to be safe. */
      readonly procedure?: string;
      readonly fault: Fault;
    }
  /** The moment has come at which a step that was put off on purpose may begin. */
  | { readonly type: "turn.due"; readonly command: string }
  /** The campaign may use its instruments for one more experiment. */
  | { readonly type: "lease.given"; readonly command: string }
  /** Actions may happen until then, milliseconds since 1970; no time at all where nothing is long enough. */
  | { readonly type: "window.opened"; readonly command: string; readonly until: number | null }
  /** What runs is discarded, so that its clean-up ends in time; or everything is to be safe now. */
  | { readonly type: "window.closing"; readonly command: string; readonly ends: "experiments" | "all" }
  | {
      readonly type: "instruments.rested";
      readonly command: string;
      readonly states: Readonly<Record<string, string>>;
      readonly unknown: readonly Fault[];
      /** Campaigns on the same lab that go on using instruments, by role: these were left as they are. */
      readonly left?: Readonly<Record<string, string>>;
    }
  | {
      readonly type: "instruments.parked";
      readonly command: string;
      readonly states: Readonly<Record<string, string>>;
      readonly unknown: readonly Fault[];
      readonly left?: Readonly<Record<string, string>>;
    }
  | {
      readonly type: "campaign.concluded";
      readonly command: string;
      readonly reason: ConcludedReason;
      readonly experiments: number;
      readonly best?: Best;
    }
  /** The campaign's process stalled or was gone, and its watchdog brought the instruments to their safe state. */
  | {
      readonly type: "watchdog.fired";
      /** When, milliseconds since 1970. */
      readonly at: number;
      /** Whether the process gave no sign of life, or ended without a goodbye. */
      readonly why: "stalled" | "ended";
      /** What was read back afterwards, by instrument. */
      readonly states: Readonly<Record<string, string>>;
      /** Why nobody knows about the others. */
      readonly unknown: readonly Fault[];
    }
  /** The campaign was taken up again by another process after the first one ended. */
  | {
      readonly type: "campaign.resumed";
      readonly by: string;
      readonly inDoubt: readonly string[];
      /** What the instruments said of themselves before anything was done, by role and property, in the drivers' units. */
      readonly found?: Readonly<Record<string, Readonly<Record<string, number>>>>;
      /** Why something of an instrument couldn't be read, by role. */
      readonly unread?: Readonly<Record<string, Fault>>;
    }
  | ({ readonly type: "alarm.raised" } & RaisedAlarm)
  /** What raised an alarm is over. */
  | {
      readonly type: "alarm.cleared";
      readonly alarm: string;
      readonly readings: readonly TripReading[];
    }
  /** An alarm went on and off so often that it is held until it has been quiet for a while. */
  | {
      readonly type: "alarm.chattering";
      readonly alarm: string;
      /** How often it went on. */
      readonly times: number;
      /** Milliseconds within which it did. */
      readonly within: number;
    }
  /** Nobody has acknowledged an alarm for as long as a rule of the lab file allows. */
  | {
      readonly type: "alarm.escalated";
      readonly alarm: string;
      /** Which rule, from 0. */
      readonly rule: number;
      readonly priority: AlarmPriority;
    }
  /** The time for which an alarm was shelved is up. */
  | { readonly type: "alarm.unshelved"; readonly alarm: string }
  | {
      readonly type: "question.answered";
      /** Such as "question.3". */
      readonly question: string;
      readonly text: string;
      readonly answer: string;
      /** Login name, name of a contact, or "nobody in time". */
      readonly by: string;
      /** How the answer came; at a terminal, or by itself, where absent. */
      readonly via?: "link";
    }
  /** People are to be told something. */
  | ({ readonly type: "notification.queued" } & Notification)
  /** A message has reached the server that brings it to a person. */
  | ({ readonly type: "notification.sent" } & Delivery)
  /** A message couldn't be brought to a person on one way, and isn't tried any more. */
  | ({ readonly type: "notification.failed"; readonly fault: Fault } & Delivery);

/** A message on its way to one person. */
export interface Delivery {
  /** Of the notification. */
  readonly number: number;
  readonly to: string;
  readonly channel: "email" | "ntfy" | "webhook";
  /** How often it was tried. */
  readonly tries: number;
  /** Digests of the links in it by which its questions can be answered; the links themselves are kept nowhere. */
  readonly links?: readonly string[];
}

/** The event of one type. */
export type EventOf<T extends LoopEvent["type"]> = Extract<LoopEvent, { type: T }>;
