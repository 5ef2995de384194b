import { type Cancel, type Clock, deadline } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { suggest } from "../../base/suggest.ts";
import { busyFault, interruption } from "../contract/call-faults.ts";
import type { Declaration, PropertyDeclaration } from "../contract/declaration.ts";
import type {
  Call,
  Check,
  Identity,
  Instrument,
  Outcome,
  PropertyValue,
  SafeState,
  Sample,
  Settlement,
} from "../contract/instrument.ts";
import type { ActionBehaviour, Behaviour, Given } from "./behaviour.ts";
import { propertySet } from "./declare.ts";
import { type CallMarks, type Device, NO_CALL } from "./device.ts";
import { SampleQueue } from "./sample-queue.ts";
import { Trouble } from "./trouble.ts";
import { splitValues, type Value } from "./value.ts";

/** Longest that ending an interrupted action, and finding out what became of it, may take, in ms. */
const ENDING = 15_000;
/** Milliseconds that an action is expected to take whose driver doesn't say. */
const USUAL = 1000;

/** What an instrument is made from that a behaviour drives. */
export interface DeviceInstrumentOptions<D extends Device> {
  readonly name: string;
  readonly clock: Clock;
  readonly declaration: Declaration;
  readonly behaviour: Behaviour<D>;
  /** The device of one call, which learns from it what happened. */
  device(signal: AbortSignal, marks: CallMarks): D;
  note(text: string): void;
  closed(): Promise<void>;
}

/** An instrument whose driver is a few functions. Every Trouble of theirs becomes a value here. */
export class DeviceInstrument<D extends Device> implements Instrument {
  readonly identity: Identity;
  readonly declaration: Declaration;
  readonly #options: DeviceInstrumentOptions<D>;
  #running: { stop: AbortController; ended: Promise<unknown> } | undefined;
  #again: Cancel | undefined;
  readonly #closing = new AbortController();

  constructor(options: DeviceInstrumentOptions<D>) {
    this.#options = options;
    this.identity = options.behaviour.identity;
    this.declaration = options.declaration;
    this.#repeat();
  }

  async perform(call: Call, signal: AbortSignal): Promise<Outcome> {
    if (this.#running !== undefined)
      return { kind: "failed", fault: busyFault(this.#options.name), effect: "none" };
    const behaviour = this.#behaviourOf(call.action);
    const stop = new AbortController();
    const follow = (): void => stop.abort(signal.reason);
    if (signal.aborted) follow();
    signal.addEventListener("abort", follow, { once: true });
    const ended = this.#carryOut(call, behaviour, stop.signal);
    this.#running = { stop, ended };
    const outcome = await ended;
    signal.removeEventListener("abort", follow);
    this.#running = undefined;
    return outcome;
  }

  async settle(call: Call, signal: AbortSignal): Promise<Settlement> {
    const { settle } = this.#behaviourOf(call.action);
    if (settle === undefined)
      return { kind: "unknown", why: `${this.#options.name} can't tell whether "${call.action}" happened` };
    return this.#try(signal, (device) => settle(device, call)).then((result) =>
      result.kind === "value" ? result.value : { kind: "unknown", why: result.fault.message },
    );
  }

  async read(property: string, signal: AbortSignal): Promise<PropertyValue> {
    const read = this.#options.behaviour.read?.[property];
    if (read === undefined) return { kind: "failed", fault: this.#unreadable(property) };
    const result = await this.#try(signal, (device) => read(device));
    if (result.kind === "failed") return result;
    if (typeof result.value === "number") return { kind: "value", value: result.value };
    return { kind: "failed", fault: this.#noNumber(property, result.value.unusable) };
  }

  async *stream(property: string, signal: AbortSignal): AsyncGenerator<Sample> {
    const stream = this.#options.behaviour.stream?.[property];
    if (stream === undefined) return;
    const queue = new SampleQueue(this.#options.clock);
    const stop = new AbortController();
    const follow = (): void => stop.abort(signal.reason);
    if (signal.aborted) follow();
    signal.addEventListener("abort", follow, { once: true });
    const running = this.#try(stop.signal, (device) => stream.run(device, queue.emit)).then((result) => {
      if (result.kind === "failed" && !stop.signal.aborted) this.#options.note(result.fault.message);
      queue.end();
    });
    try {
      yield* queue.samples();
    } finally {
      stop.abort(new Error("nobody takes the stream any more"));
      signal.removeEventListener("abort", follow);
      await running;
      await this.#ending((device) => stream.end(device));
    }
  }

  estimate(call: Call): number {
    return this.#behaviourOf(call.action).takes?.(call.arguments) ?? USUAL;
  }

  async check(signal: AbortSignal): Promise<Check> {
    const result = await this.#try(signal, (device) => this.#options.behaviour.check(device));
    return result.kind === "value" ? { kind: "ok" } : result;
  }

  async makeSafe(signal: AbortSignal): Promise<SafeState> {
    this.#running?.stop.abort(new Error("the instrument is made safe"));
    await this.#running?.ended;
    const result = await this.#try(signal, (device) => this.#options.behaviour.safe(device));
    return result.kind === "value"
      ? { kind: "safe", state: result.value }
      : { kind: "unknown", fault: result.fault };
  }

  async close(): Promise<void> {
    this.#again?.();
    this.#closing.abort(new Error("the instrument is closed"));
    this.#options.behaviour.close?.();
    await this.#options.closed();
  }

  /** @throws RangeError for an action that isn't declared or that the driver doesn't carry out, which is a mistake in it */
  #behaviourOf(action: string): ActionBehaviour<D> {
    const { behaviour, declaration } = this.#options;
    const own = Object.hasOwn(behaviour.actions, action) ? behaviour.actions[action] : undefined;
    if (own !== undefined) return typeof own === "function" ? { perform: own } : own;
    const property = propertySet(action, declaration.properties);
    if (property !== undefined) return { perform: (device, given) => this.#set(device, property, given) };
    if (action === "read") return { perform: (device) => this.#readAll(device) };
    throw new RangeError(`the driver ${declaration.id} doesn't carry out "${action}"`);
  }

  async #carryOut(call: Call, behaviour: ActionBehaviour<D>, signal: AbortSignal): Promise<Outcome> {
    const { effect } = this.declaration.actions[call.action] ?? { effect: "once" };
    let begun = false;
    const flags: string[] = [];
    const result = await this.#try(signal, (device) => behaviour.perform(device, call.arguments, call), {
      begun: () => {
        begun = true;
      },
      flagged: (text) => flags.push(text),
    });
    if (result.kind === "value") return done(result.value ?? {}, flags);
    const { fault } = result;
    if (behaviour.stop !== undefined) await this.#ending((device) => behaviour.stop?.(device));
    if (effect === "read") return { kind: "failed", fault, effect: "none" };
    if (effect === "end-state" || !begun)
      return { kind: "failed", fault, effect: begun ? "unknown" : "none" };
    return this.#became(call, behaviour, fault);
  }

  /** What became of a call that may not be repeated and went wrong after it had begun. */
  async #became(call: Call, { settle }: ActionBehaviour<D>, fault: Fault): Promise<Outcome> {
    if (settle === undefined) return { kind: "failed", fault, effect: "unknown" };
    const result = await this.#ending((device) => settle(device, call));
    const became = result.kind === "value" ? result.value : undefined;
    if (became?.kind === "done") return { kind: "done", readings: became.readings, flags: [fault.message] };
    const why = became?.kind === "unknown" ? `${fault.message}; ${became.why}` : fault.message;
    return {
      kind: "failed",
      fault: { ...fault, message: why },
      effect: became?.kind === "not done" ? "none" : "unknown",
    };
  }

  async #set(device: D, property: string, given: Call["arguments"]): Promise<Given> {
    const { behaviour, declaration } = this.#options;
    const wanted = given[property] as number;
    device.begin();
    await behaviour.set?.[property]?.(device, wanted);
    const read = behaviour.read?.[property];
    if (read === undefined) return {};
    const { unit, resolution = 0 } = declaration.properties[property] as PropertyDeclaration;
    const near = Math.max(resolution, Math.abs(wanted) * 1e-6);
    return { [property]: device.confirm(`${property} in ${unit}`, await read(device), { wanted, near }) };
  }

  async #readAll(device: D): Promise<Given> {
    const { behaviour, declaration } = this.#options;
    const values: Record<string, Value> = {};
    for (const [name, read] of Object.entries(behaviour.read ?? {}))
      if (declaration.properties[name]?.readable === true) values[name] = await read(device);
    return values;
  }

  /** Runs something of the driver's, and makes a value of its Trouble. */
  async #try<T>(
    signal: AbortSignal,
    run: (device: D) => Promise<T>,
    marks: CallMarks = NO_CALL,
  ): Promise<{ kind: "value"; value: T } | { kind: "failed"; fault: Fault }> {
    if (signal.aborted) return { kind: "failed", fault: interruption(this.#options.name, signal) };
    try {
      return { kind: "value", value: await run(this.#options.device(signal, marks)) };
    } catch (error) {
      if (error instanceof Trouble) return { kind: "failed", fault: error.fault };
      throw error;
    }
  }

  /** What has to go on after everything else was interrupted. */
  async #ending<T>(run: (device: D) => Promise<T> | undefined) {
    const ending = deadline(this.#options.clock, ENDING, () => new Error("it took too long to end"));
    try {
      return await this.#try(ending.signal, async (device) => run(device));
    } finally {
      ending.cancel();
    }
  }

  #repeat(): void {
    const { behaviour, clock } = this.#options;
    const { again } = behaviour;
    if (again === undefined) return;
    this.#again = clock.at(clock.now() + again.every, () => {
      void this.#try(this.#closing.signal, (device) => again.run(device)).then((result) => {
        if (this.#closing.signal.aborted) return;
        if (result.kind === "failed") this.#options.note(result.fault.message);
        this.#repeat();
      });
    });
  }

  #unreadable(property: string): Fault {
    const { name, behaviour } = this.#options;
    return {
      code: "instrument.unknown-property",
      message: `${name} has no readable property "${property}"`,
      advice: suggest(property, Object.keys(behaviour.read ?? {}), "it has"),
    };
  }

  #noNumber(property: string, quality: string): Fault {
    return {
      code: "instrument.no-number",
      message: `${this.#options.name} gives no number for ${property}: ${quality}`,
      advice: "look at the instrument",
    };
  }
}

function done(given: Readonly<Record<string, Value>>, said: readonly string[]): Outcome {
  const { readings, flags: unusable } = splitValues(given);
  const flags = [...unusable, ...said];
  return { kind: "done", readings, ...(flags.length > 0 ? { flags } : {}) };
}
