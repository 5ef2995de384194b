import {
  type AttachContext,
  type Clock,
  type LightPort,
  portOf,
  type Random,
  type SimulatedInstrument,
  sleep,
  type TopicClient,
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
  readonly #topics: TopicClient;
  readonly #random: Random;
  readonly #port: LightPort;
  readonly #name: string;
  readonly #prefix: string;
  readonly #ambient: number;
  readonly #dark: number;
  readonly #readNoise: number;
  readonly #overhead: number;
  readonly #stop = new AbortController();
  #queue: Promise<void> = Promise.resolve();

  constructor(context: AttachContext<"mqtt">) {
    const { settings } = context;
    this.#clock = context.clock;
    this.#topics = context.transport;
    this.#random = context.random("noise");
    this.#port = portOf(context.process, "light", settings["port"] as string);
    this.#name = context.name;
    this.#prefix = `sdl-demo/picow/${settings["node"] as string}`;
    this.#ambient = settings["ambient"] as number;
    this.#dark = settings["dark"] as number;
    this.#readNoise = settings["read-noise"] as number;
    this.#overhead = (settings["overhead"] as number) * 1000;
  }

  /** Begins to listen. */
  async begin(): Promise<void> {
    await this.#topics.subscribe(
      `${this.#prefix}/GPIO/#`,
      ({ payload, retained }) => {
        if (this.frozen || retained) return;
        this.#queue = this.#queue.then(() => this.#obey(payload)).catch(() => undefined);
      },
      2,
    );
  }

  close(): void {
    this.#stop.abort(new Error("the simulated node was closed"));
    void this.#topics.close();
  }

  async #obey(payload: Uint8Array): Promise<void> {
    const text = new TextDecoder().decode(payload);
    const message = parse(text);
    const command = this.#fails() ?? readCommand(message);
    const result = command.kind === "error" ? { error: command.error } : await this.#expose(command);
    await sleep(this.#clock, this.#overhead, this.#stop.signal);
    const whole = { _input_message: message ?? text, ...result, ...this.#surroundings() };
    await this.#topics.publish(`${this.#prefix}/as7341/`, JSON.stringify(whole), { qos: 0 });
  }

  #fails(): NodeCommand | undefined {
    if (this.nextError === undefined) return undefined;
    const error = this.nextError;
    this.nextError = undefined;
    return { kind: "error", error };
  }

  /** First in the dark, then with the light on; each integration sees the process in its middle. */
  async #expose(command: Extract<NodeCommand, { kind: "expose" }>): Promise<Record<string, unknown>> {
    const background = await this.#integrate({ ...command, light: [0, 0, 0] });
    const lit = await this.#integrate(command);
    return { ...lit, background };
  }

  async #integrate(command: Extract<NodeCommand, { kind: "expose" }>): Promise<Record<string, number>> {
    const { light, atime, astep, gain } = command;
    const seconds = (atime + 1) * (astep + 1) * STEP;
    await sleep(this.#clock, 500 * seconds, this.#stop.signal);
    const rates = channelRates(light, (wavelength) => this.#port.transmittance(wavelength));
    await sleep(this.#clock, 500 * seconds, this.#stop.signal);
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
