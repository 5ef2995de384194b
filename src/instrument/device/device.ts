import { type Clock, sleep } from "../../base/clock.ts";
import { interruption } from "../contract/call-faults.ts";
import type { Settings } from "../contract/settings.ts";
import { type Refusals, refusalsOf } from "./refusals.ts";
import { Trouble } from "./trouble.ts";
import type { Value } from "./value.ts";

/** What the behaviour of a driver is written with; one for each call, bound to its signal. */
export interface Device extends Refusals {
  /** The instrument's name in the lab file. */
  readonly name: string;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Writes a remark for the operator. */
  note(text: string): void;
  /** Ends the call with a fault; the instrument's name is put before the message. */
  fail(code: string, message: string, advice: string): never;
  /**
   * Waits.
   *
   * @throws Trouble when the call is interrupted
   */
  rest(milliseconds: number): Promise<void>;
  /**
   * Looks again and again until there is something.
   *
   * @throws Trouble when there is nothing within the time, or the call is interrupted
   */
  until<T>(look: () => Promise<T | undefined>, patience: Patience): Promise<T>;
  /**
   * Looks again and again until a value is near what it is to be, and has been for a while.
   *
   * @throws Trouble when it isn't in time, when there is no number, or when the call is interrupted
   */
  reach(read: () => Promise<Value>, goal: Reaching): Promise<number>;
  /**
   * Compares what was read back with what was set.
   *
   * @throws Trouble when it is another value, or none
   */
  confirm(what: string, got: Value, goal: { readonly wanted: number; readonly near: number }): number;
  /** Waits until the call is interrupted. */
  interrupted(): Promise<void>;
  /** Says that from here on the instrument may have done what it may not do twice. */
  begin(): void;
  /** Says something about what is given, such as "nothing to move"; it stands beside the readings. */
  flag(text: string): void;
}

/** What a call learns from its device. */
export interface CallMarks {
  /** It may have done what it may not do twice. */
  begun(): void;
  /** Something is to be said beside its readings. */
  flagged(text: string): void;
}

/** How long something is waited for. */
export interface Patience {
  /** Milliseconds between two looks. */
  readonly every: number;
  /** Milliseconds in all. */
  readonly within: number;
  /** What is waited for, such as "the motor to stop". */
  readonly what: string;
}

/** A value that is waited for. */
export interface Reaching extends Omit<Patience, "what"> {
  readonly wanted: number;
  /** How far from it is near enough. */
  readonly near: number;
  /** Milliseconds for which it has to stay near; 0 when absent. */
  readonly stay?: number;
  /** Least change in a minute: the way from the first value on may take that long, beyond `within`. */
  readonly slowest?: number;
  /** Unit of the value, for the message. */
  readonly unit: string;
}

/** While an instrument is opened there is no call to learn anything. */
export const NO_CALL: CallMarks = { begun: () => undefined, flagged: () => undefined };

/** What a device is made from. */
export interface DeviceOptions {
  readonly name: string;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly marks: CallMarks;
}

/** Makes the part of a device that needs no line. */
export function deviceOf(options: DeviceOptions): Device {
  const { name, clock, signal } = options;
  const fail: Device["fail"] = (code, message, advice) => {
    throw new Trouble({ code, message: `${name}: ${message}`, advice });
  };
  const rest: Device["rest"] = async (milliseconds) => {
    await sleep(clock, milliseconds, signal).catch(() => {
      throw new Trouble(interruption(name, signal));
    });
  };
  const until: Device["until"] = async (look, { every, within, what }) => {
    const end = clock.now() + within;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      const left = end - clock.now();
      if (left <= 0)
        return fail("instrument.overdue", `${what} took more than ${within} ms`, "look at the instrument");
      await rest(Math.min(every, left));
    }
  };
  const number = async (read: () => Promise<Value>): Promise<number> => {
    const value = await read();
    if (typeof value === "number") return value;
    return fail("instrument.no-number", `it gives no number: ${value.unusable}`, "check its sensor");
  };
  return {
    name,
    settings: options.settings,
    clock,
    signal,
    note: (text) => options.note(`${name}: ${text}`),
    fail,
    ...refusalsOf(fail),
    rest,
    until,
    async reach(read, { wanted, near, stay = 0, slowest, unit, every, within }) {
      let since: number | undefined;
      let first: number | undefined = await number(read);
      const way = slowest === undefined ? 0 : (Math.abs(first - wanted) / slowest) * 60_000;
      return until(
        async () => {
          const value = first ?? (await number(read));
          first = undefined;
          if (Math.abs(value - wanted) > near) since = undefined;
          else since ??= clock.now();
          return since !== undefined && clock.now() - since >= stay ? value : undefined;
        },
        { every, within: within + way, what: `reaching ${wanted} ${unit}` },
      );
    },
    confirm(what, got, { wanted, near }) {
      if (typeof got === "number" && Math.abs(got - wanted) <= near) return got;
      const shown = typeof got === "number" ? got : got.unusable;
      return fail(
        "instrument.not-set",
        `${what} was set to ${wanted}, but reads ${shown}`,
        "check the instrument's own limits, and whether somebody works at its panel",
      );
    },
    interrupted: () =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      }),
    begin: () => options.marks.begun(),
    flag: (text) => options.marks.flagged(text),
  };
}
