import { type Clock, sleep } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { Connected } from "../contract/driver.ts";
import type {
  Call,
  Check,
  Instrument,
  Outcome,
  PropertyValue,
  SafeState,
  Settlement,
} from "../contract/instrument.ts";

/** What is needed to connect an instrument again. */
export interface ReconnectingOptions {
  readonly name: string;
  readonly clock: Clock;
  /** The instrument as it is connected. */
  readonly first: Instrument;
  connect(): Promise<Connected>;
  note(text: string): void;
}

/** Pauses between attempts, in ms: each twice the one before, the last for ever. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
/** Longest that a call waits for its line to come back, in ms. */
const PATIENCE = 60_000;
/** Codes of faults after which only a new connection helps. */
const LOST: ReadonlySet<string> = new Set([
  "instrument.line-lost",
  "instrument.line-closed",
  "instrument.line-collision",
  "instrument.broker-lost",
]);

/**
 * An instrument that is connected again when its line was lost. What was under way then has failed, and what became of
 * it is found out by `settle`; whoever calls next waits until the same instrument answers again. Another instrument on
 * the port is refused.
 */
export function reconnecting(options: ReconnectingOptions): Instrument {
  return new ReconnectingInstrument(options);
}

class ReconnectingInstrument implements Instrument {
  readonly identity: Instrument["identity"];
  readonly declaration: Instrument["declaration"];
  readonly #options: ReconnectingOptions;
  #instrument: Instrument;
  #lost: Fault | undefined;
  /** Aborts when it is closed, which ends the attempts. */
  readonly #closing = new AbortController();
  #attempt: Promise<void> | undefined;

  constructor(options: ReconnectingOptions) {
    this.#options = options;
    this.#instrument = options.first;
    this.identity = options.first.identity;
    this.declaration = options.first.declaration;
  }

  async perform(call: Call, signal: AbortSignal): Promise<Outcome> {
    const fault = await this.#back(signal);
    if (fault !== undefined) return { kind: "failed", fault, effect: "none" };
    const outcome = await this.#instrument.perform(call, signal);
    if (outcome.kind === "failed") this.#look(outcome.fault);
    return outcome;
  }

  async settle(call: Call, signal: AbortSignal): Promise<Settlement> {
    const fault = await this.#back(signal);
    if (fault !== undefined) return { kind: "unknown", why: fault.message };
    return this.#instrument.settle(call, signal);
  }

  async read(property: string, signal: AbortSignal): Promise<PropertyValue> {
    const fault = await this.#back(signal);
    if (fault !== undefined) return { kind: "failed", fault };
    const read = (await this.#instrument.read?.(property, signal)) ?? {
      kind: "failed" as const,
      fault: {
        code: "instrument.unknown-property",
        message: `${this.#options.name} has no readable property "${property}"`,
        advice: "see what it has with `labloop instruments`",
      },
    };
    if (read.kind === "failed") this.#look(read.fault);
    return read;
  }

  estimate(call: Call): number {
    return this.#instrument.estimate(call);
  }

  async check(signal: AbortSignal): Promise<Check> {
    const fault = await this.#back(signal);
    if (fault !== undefined) return { kind: "failed", fault };
    const check = await this.#instrument.check(signal);
    if (check.kind === "failed") this.#look(check.fault);
    return check;
  }

  async makeSafe(signal: AbortSignal): Promise<SafeState> {
    const fault = await this.#back(signal);
    if (fault !== undefined) return { kind: "unknown", fault };
    const state = await this.#instrument.makeSafe(signal);
    if (state.kind === "unknown") this.#look(state.fault);
    return state;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#instrument.close();
  }

  /** Begins to connect again when a fault says that the line is lost. */
  #look(fault: Fault): void {
    if (!LOST.has(fault.code) || this.#closing.signal.aborted) return;
    this.#lost = fault;
    this.#attempt ??= this.#reconnect();
  }

  /** Waits for the line; why it isn't back. */
  async #back(signal: AbortSignal): Promise<Fault | undefined> {
    if (this.#attempt === undefined) return undefined;
    const back = new AbortController();
    const given = AbortSignal.any([signal, back.signal]);
    const patience = sleep(this.#options.clock, PATIENCE, given).catch(() => undefined);
    await Promise.race([this.#attempt, patience]);
    back.abort();
    return this.#lost;
  }

  async #reconnect(): Promise<void> {
    const { clock, connect, name, note } = this.#options;
    note(`${name}: ${this.#lost?.message}; it is connected again as soon as it answers`);
    await this.#instrument.close();
    const { signal } = this.#closing;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, 2 * pause)) {
      await sleep(clock, pause, signal).catch(() => undefined);
      if (signal.aborted) return;
      const connected = await connect();
      if (connected.kind === "failed") {
        this.#lost = connected.fault;
        continue;
      }
      if (signal.aborted) return connected.instrument.close();
      const { model, serial } = connected.instrument.identity;
      if (model !== this.identity.model || serial !== this.identity.serial) {
        await connected.instrument.close();
        this.#lost = otherFault(name);
        continue;
      }
      this.#instrument = connected.instrument;
      this.#lost = undefined;
      this.#attempt = undefined;
      note(`${name}: it answers again`);
      return;
    }
  }
}

function otherFault(name: string): Fault {
  return {
    code: "instrument.other-instrument",
    message: `at ${name}'s connection another instrument answers than before`,
    advice: "plug the instruments in as they were",
  };
}
