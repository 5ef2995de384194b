import type { Fault } from "../../base/fault.ts";
import type { Declaration } from "./declaration.ts";

/** One command to one instrument, checked against its declaration. */
export interface Call {
  readonly action: string;
  /** Numbers are in the units of the declaration. */
  readonly arguments: Readonly<Record<string, number | string>>;
  /** Identity of the command: two calls of one key are one command. */
  readonly key: string;
}

/** Numbers by name, in the units of the declaration. */
export type Readings = Readonly<Record<string, number>>;

/**
 * How a call ended. A failure says what it left behind: `none` when certainly nothing happened, `unknown` when
 * something may have.
 */
export type Outcome =
  | { readonly kind: "done"; readonly readings: Readings; readonly flags?: readonly string[] }
  | { readonly kind: "failed"; readonly fault: Fault; readonly effect: "none" | "unknown" };

/** What an instrument knows about a command whose outcome was lost. */
export type Settlement =
  | { readonly kind: "done"; readonly readings: Readings }
  | { readonly kind: "not done" }
  | { readonly kind: "unknown"; readonly why: string };

/** Who answered at the other end of the line. */
export interface Identity {
  readonly model: string;
  readonly firmware?: string;
  readonly serial?: string;
}

/** Whether an instrument answers and has no alarm. */
export type Check = { readonly kind: "ok" } | { readonly kind: "failed"; readonly fault: Fault };

/** What was read back after an instrument was told to be safe. */
export type SafeState =
  | { readonly kind: "safe"; readonly state: Readonly<Record<string, number | string>> }
  | { readonly kind: "unknown"; readonly fault: Fault };

/** The value of a property. */
export type PropertyValue =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "failed"; readonly fault: Fault };

/** One value of a stream. */
export interface Sample {
  /** In the unit of the property; absent when the instrument gave no number. */
  readonly value?: number;
  /** Why there is no number, such as "overload". */
  readonly flag?: string;
  /** When it arrived, milliseconds since 1970. */
  readonly at: number;
  /** When the instrument says that it was measured, where it does. */
  readonly measuredAt?: number;
  /** Samples before this one that were dropped, since nobody took them in time. */
  readonly dropped: number;
}

/**
 * An instrument that answers. Every method gives a value, also for failures; when its signal aborts it gives
 * a failure soon. Only one `perform` or `settle` runs at a time; `check` and `read` may come in between.
 */
export interface Instrument {
  readonly identity: Identity;
  /** The declaration with the limits that this instrument's settings leave. */
  readonly declaration: Declaration;
  perform(call: Call, signal: AbortSignal): Promise<Outcome>;
  /** Finds out what became of a call of effect `once`, possibly made by a process that has died since. */
  settle(call: Call, signal: AbortSignal): Promise<Settlement>;
  /** Reads a property; absent when the declaration has no readable ones. */
  read?(property: string, signal: AbortSignal): Promise<PropertyValue>;
  /** What the instrument sends by itself of a property, until the signal aborts; absent when it sends nothing. */
  stream?(property: string, signal: AbortSignal): AsyncIterable<Sample>;
  /** Milliseconds that a call is expected to take. */
  estimate(call: Call): number;
  check(signal: AbortSignal): Promise<Check>;
  /** Brings the instrument into its safe state from any state; may be called at any moment, and again. */
  makeSafe(signal: AbortSignal): Promise<SafeState>;
  close(): Promise<void>;
}
