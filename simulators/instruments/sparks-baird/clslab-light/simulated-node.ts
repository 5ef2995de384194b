import {
  type AttachContext,
  type Clock,
  type LastWill,
  type LightPort,
  parseStatus,
  portOf,
  type Random,
  type SimulatedInstrument,
  sleep,
  type TopicClient,
  type TopicMessage,
  type TopicNetwork,
} from "labloop/instrument";
import { type NodeCommand, readCommand } from "./command.ts";
import { channelRates, FILTERS } from "./optics.ts";

/** One step of the sensor's clock in s. */
const STEP = 2.78e-6;

/** A colour sensor node at its broker. */
export class SimulatedNode implements SimulatedInstrument {
  /** While true the node is frozen: it takes nothing in and answers nothing. */
  frozen = false;
  /** An error that the node reports in place of its next reading. */
  nextError: string | undefined;
  readonly #clock: Clock;
  readonly #network: TopicNetwork;
  readonly #random: Random;
  readonly #port: LightPort;
  readonly #name: string;
  readonly #prefix: string;
  readonly #status: string | undefined;
  readonly #ambient: number;
  readonly #dark: number;
  readonly #readNoise: number;
  readonly #overhead: number;
  /** Undefined while the node has no power. */
  #topics: TopicClient | undefined;
  #boots = 0;
  #stop = new AbortController();
  #queue: Promise<void> = Promise.resolve();

  constructor(context: AttachContext<"mqtt">) {
    const { settings } = context;
    this.#clock = context.clock;
    this.#network = context.transport;
    this.#random = context.random("noise");
    this.#port = portOf(context.process, "light", settings["port"] as string);
    this.#name = context.name;
    this.#prefix = `sdl-demo/picow/${settings["node"] as string}`;
    this.#status = settings["status"] as string | undefined;
    this.#ambient = settings["ambient"] as number;
    this.#dark = settings["dark"] as number;
    this.#readNoise = settings["read-noise"] as number;
    this.#overhead = (settings["overhead"] as number) * 1000;
  }

  /** Switches it on: it connects with its last will, listens, and says that it is online. */
  async begin(): Promise<void> {
    this.#stop = new AbortController();
    this.#queue = Promise.resolve();
    this.#boots += 1;
    const topics = await this.#network.connect(this.#lastWill());
    this.#topics = topics;
    await topics.subscribe(`${this.#prefix}/GPIO/#`, (message) => this.#hear(topics, message), 2);
    if (this.#status === undefined) return;
    // A will of an earlier connection may come late, and would stay for good.
    await topics.subscribe(this.#status, ({ payload }) => {
      if (parseStatus(payload)?.status === "offline") void this.#tell(topics);
    });
    await this.#tell(topics);
  }

  /** Takes its power away: its connection breaks, and the broker publishes its last will. */
  async unplug(): Promise<void> {
    this.#stop.abort(new Error("the simulated node has no power"));
    const topics = this.#topics;
    this.#topics = undefined;
    await topics?.close();
  }

  powerCycle(): void {
    void this.unplug().then(() => this.begin());
  }

  close(): void {
    void this.unplug();
  }

  #lastWill(): { will?: LastWill } {
    if (this.#status === undefined) return {};
    return { will: { topic: this.#status, payload: this.#says("offline") } };
  }

  #says(status: "online" | "offline"): string {
    return JSON.stringify({ status, boot: `${this.#name} ${this.#boots}` });
  }

  async #tell(topics: TopicClient): Promise<void> {
    await topics.publish(this.#status as string, this.#says("online"), { retain: true });
  }

  #hear(topics: TopicClient, message: TopicMessage): void {
    if (this.frozen || message.retained) return;
    const { signal } = this.#stop;
    this.#queue = this.#queue.then(() => this.#obey(topics, message, signal)).catch(() => undefined);
  }

  async #obey(
    topics: TopicClient,
    { payload, responseTopic, correlationData }: TopicMessage,
    signal: AbortSignal,
  ): Promise<void> {
    const text = new TextDecoder().decode(payload);
    const message = parse(text);
    const command = this.#fails() ?? readCommand(message);
    const result = command.kind === "error" ? { error: command.error } : await this.#expose(command, signal);
    await sleep(this.#clock, this.#overhead, signal);
    const whole = { _input_message: message ?? text, ...result, ...this.#surroundings() };
    await topics.publish(responseTopic ?? `${this.#prefix}/as7341/`, JSON.stringify(whole), {
      qos: 0,
      ...(correlationData === undefined ? {} : { correlationData }),
    });
  }

  #fails(): NodeCommand | undefined {
    if (this.nextError === undefined) return undefined;
    const error = this.nextError;
    this.nextError = undefined;
    return { kind: "error", error };
  }

  /** First in the dark, then with the light on; each integration sees the process in its middle. */
  async #expose(
    command: Extract<NodeCommand, { kind: "expose" }>,
    signal: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const background = await this.#integrate({ ...command, light: [0, 0, 0] }, signal);
    const lit = await this.#integrate(command, signal);
    return { ...lit, background };
  }

  async #integrate(
    command: Extract<NodeCommand, { kind: "expose" }>,
    signal: AbortSignal,
  ): Promise<Record<string, number>> {
    const { light, atime, astep, gain } = command;
    const seconds = (atime + 1) * (astep + 1) * STEP;
    await sleep(this.#clock, 500 * seconds, signal);
    const rates = channelRates(light, (wavelength) => this.#port.transmittance(wavelength));
    await sleep(this.#clock, 500 * seconds, signal);
    const full = Math.min(65535, (atime + 1) * (astep + 1));
    return Object.fromEntries(
      Object.keys(FILTERS).map((channel) => {
        const mean = ((rates.get(channel) as number) + this.#ambient) * gain * seconds;
        return [channel, this.#count(mean, full)];
      }),
    );
  }

  /** Counts with shot noise (a Poisson number, as a normal one of the same variance), offset and read noise. */
  #count(mean: number, full: number): number {
    const deviation = Math.hypot(Math.sqrt(mean), this.#readNoise);
    const counts = mean + this.#dark + deviation * this.#random.normal();
    return Math.min(full, Math.max(0, Math.round(counts)));
  }

  #surroundings(): Record<string, unknown> {
    const seconds = Math.floor(this.#clock.now() / 1000);
    return {
      onboard_temperature_K: 297.5,
      sd_card_ready: false,
      utc_timestamp: seconds,
      utc_time_str: `${seconds} s`,
      device_nickname: `simulated ${this.#name}`,
      encrypted_device_id_truncated: "0000000000",
      logged_to_mongodb: false,
    };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
