import {
  busyFault,
  type Call,
  type Check,
  type Clock,
  type ConnectContext,
  type Fault,
  type Identity,
  type Instrument,
  type Outcome,
  type SafeState,
  type Settings,
  type Settlement,
  sleep,
  type TopicAnswered,
  type TopicClient,
  TopicRequests,
} from "labloop/instrument";
import { type Answer, parseAnswer } from "./answer.ts";
import { CHANNELS, type Counts } from "./channels.ts";
import { DECLARATION } from "./declaration.ts";
import { duration, type Exposure, exposureOf, fullCount, makeExposure } from "./exposure.ts";

/** Milliseconds beyond its duration after which a reading is given up; the node's watchdog needs 8 s. */
const PATIENCE = 10_000;
/** A reading may be repeated. */
const ATTEMPTS = 2;
/** The quickest reading there is, without light: tells that the node lives. */
const GLANCE: Exposure = makeExposure([0, 0, 0], 0, 1);
/** Bytes of a message that a fault shows. */
const SHOWN = 80;

type Reading = Extract<Answer, { kind: "counts" }>;
type Failure = { readonly kind: "failed"; readonly fault: Fault };

/** A colour sensor node behind its broker. */
export class ColourSensorNode implements Instrument {
  identity: Identity = { model: "CLSLab-Light" };
  readonly declaration: typeof DECLARATION = DECLARATION;
  readonly #name: string;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #topics: TopicClient;
  readonly #session: string;
  readonly #requests: TopicRequests;
  readonly #closing = new AbortController();
  #count = 0;
  #busy = false;
  /** False from a restart of the node until it gave a reading. */
  #known = true;
  /** Readings wait for each other: the node takes one at a time. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(context: ConnectContext<"mqtt">) {
    this.#name = context.name;
    this.#settings = context.settings;
    this.#clock = context.clock;
    this.#topics = context.transport;
    this.#session = `${context.name} ${context.clock.now().toString(36)}`;
    this.#requests = this.#requestsOver(context);
  }

  /** Listens for answers, and takes a first look to see who answers. */
  async begin(signal: AbortSignal): Promise<Failure | undefined> {
    const listening = await this.#requests.begin();
    if (listening.kind === "failed") return listening;
    const first = await this.#expose(GLANCE, "connect", signal);
    if (first.kind === "failed") return first;
    if (first.nickname !== "") this.identity = { model: "CLSLab-Light", serial: first.nickname };
    return undefined;
  }

  async perform(call: Call, signal: AbortSignal): Promise<Outcome> {
    if (this.#busy) return { kind: "failed", fault: busyFault(this.#name), effect: "none" };
    this.#busy = true;
    try {
      const fault = await this.#look(signal);
      if (fault !== undefined) return { kind: "failed", fault, effect: "none" };
      switch (call.action) {
        case "read":
          return await this.#read(call, signal);
        case "follow":
          return await this.#follow(call, signal);
        default:
          throw new RangeError(`${this.#name} has no action "${call.action}"`);
      }
    } finally {
      this.#busy = false;
    }
  }

  async settle(): Promise<Settlement> {
    return { kind: "not done" };
  }

  estimate(call: Call): number {
    const interval = call.action === "follow" ? (call.arguments["interval"] as number) * 1000 : 0;
    return interval + duration(exposureOf(call, this.#settings));
  }

  async check(signal: AbortSignal): Promise<Check> {
    const glance = await this.#expose(GLANCE, "check", signal);
    return glance.kind === "failed" ? glance : { kind: "ok" };
  }

  async makeSafe(signal: AbortSignal): Promise<SafeState> {
    // The node switches its light off after every reading, and at the beginning of the next.
    const glance = await this.#expose(GLANCE, "make safe", signal);
    if (glance.kind === "failed") return { kind: "unknown", fault: glance.fault };
    return { kind: "safe", state: { light: "off" } };
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the connection to the node was closed"));
    await this.#topics.close();
  }

  #requestsOver({ name, settings, clock, transport, note }: ConnectContext<"mqtt">): TopicRequests {
    const prefix = `sdl-demo/picow/${settings["node"] as string}`;
    const status = settings["status"] as string | undefined;
    return new TopicRequests({
      instrument: name,
      topics: transport,
      clock,
      requests: `${prefix}/GPIO/28`,
      answers: `${prefix}/as7341/`,
      session: this.#session,
      ...(status === undefined ? {} : { status }),
      restarted: () => {
        this.#known = false;
        note(`${name}: the node restarted; it is looked at before its next reading`);
      },
    });
  }

  /** After a restart nobody knows whether the sensor works and the light is off, until a reading says so. */
  async #look(signal: AbortSignal): Promise<Fault | undefined> {
    if (this.#known) return undefined;
    const glance = await this.#expose(GLANCE, "restarted", signal);
    return glance.kind === "failed" ? glance.fault : undefined;
  }

  async #read(call: Call, signal: AbortSignal): Promise<Outcome> {
    const exposure = exposureOf(call, this.#settings);
    const reading = await this.#expose(exposure, call.key, signal);
    if (reading.kind === "failed") return { ...reading, effect: "none" };
    const readings: Record<string, number> = {};
    const flags: string[] = [];
    const keep = (name: string, count: number): void => {
      if (count >= fullCount(exposure)) flags.push(`saturated:${name}`);
      else readings[name] = count;
    };
    for (const channel of CHANNELS) {
      keep(channel, reading.lit[channel]);
      keep(channel.replace("ch", "background"), reading.background[channel]);
    }
    return { kind: "done", readings, ...(flags.length > 0 ? { flags } : {}) };
  }

  async #follow(call: Call, signal: AbortSignal): Promise<Outcome> {
    const exposure = exposureOf(call, this.#settings);
    const began = this.#clock.now();
    const interval = (call.arguments["interval"] as number) * 1000;
    const first = await this.#expose(exposure, call.key, signal);
    if (first.kind === "failed") return { ...first, effect: "none" };
    // An abort is told by the second reading.
    await sleep(this.#clock, Math.max(0, began + interval - this.#clock.now()), signal).catch(
      () => undefined,
    );
    const seconds = (this.#clock.now() - began) / 1000;
    const second = await this.#expose(exposure, call.key, signal);
    if (second.kind === "failed") return { ...second, effect: "none" };
    return changes(first, second, seconds, fullCount(exposure));
  }

  #expose(exposure: Exposure, key: string, signal: AbortSignal): Promise<Reading | Failure> {
    const both = AbortSignal.any([signal, this.#closing.signal]);
    const result = this.#queue.then(() => this.#attempt(exposure, key, both));
    this.#queue = result;
    return result;
  }

  async #attempt(exposure: Exposure, key: string, signal: AbortSignal): Promise<Reading | Failure> {
    for (let attempt = 1; ; attempt++) {
      const answered = await this.#exchange(exposure, key, signal);
      if (answered.kind === "failed") return answered;
      if (answered.kind === "answer" && answered.answer.kind === "counts") {
        this.#known = true;
        return answered.answer;
      }
      if (attempt < ATTEMPTS && !signal.aborted) continue;
      const fault =
        answered.kind === "answer" ? this.#error((answered.answer as { text: string }).text) : answered.fault;
      return { kind: "failed", fault };
    }
  }

  /** Sends one command and waits for its answer. */
  #exchange(exposure: Exposure, key: string, signal: AbortSignal): Promise<TopicAnswered<Answer>> {
    this.#count += 1;
    const correlation = { session: this.#session, experiment: `${key}#${this.#count}` };
    const command = {
      ...exposure,
      mongodb: false,
      _session_id: correlation.session,
      _experiment_id: correlation.experiment,
    };
    const maximumAge = this.#settings["maximum-age"] as number | undefined;
    return this.#requests.request({
      payload: JSON.stringify(command),
      qos: 2,
      timeout: duration(exposure) + PATIENCE,
      signal,
      answer: ({ payload }) => parseAnswer(payload, correlation),
      measuredAt: (answer) => (answer.kind === "counts" ? answer.measuredAt : undefined),
      ...(maximumAge === undefined ? {} : { maximumAge: maximumAge * 1000 }),
    });
  }

  #error(text: string): Fault {
    return {
      code: "instrument.alarm",
      message: `${this.#name} reported an error in place of a reading: ${text.slice(0, SHOWN)}`,
      advice: DECLARATION.alarms["error"]?.advice as string,
    };
  }
}

/** Change of absorbance per second of every channel: log10 of the ratio of the net counts. */
function changes(first: Reading, second: Reading, seconds: number, full: number): Outcome {
  const readings: Record<string, number> = {};
  const flags: string[] = [];
  for (const channel of CHANNELS) {
    const name = channel.replace("ch", "change");
    const before = net(first, channel, full);
    const after = net(second, channel, full);
    if (before === undefined || after === undefined) flags.push(`unusable:${name}`);
    else readings[name] = Math.log10(before / after) / seconds;
  }
  return { kind: "done", readings, ...(flags.length > 0 ? { flags } : {}) };
}

/** Counts above the background; undefined when saturated, or too few to take a logarithm of. */
function net(reading: Reading, channel: keyof Counts, full: number): number | undefined {
  if (reading.lit[channel] >= full) return undefined;
  const counts = reading.lit[channel] - reading.background[channel];
  return counts > 0 ? counts : undefined;
}
