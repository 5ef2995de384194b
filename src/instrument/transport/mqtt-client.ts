import type { IClientOptions, IClientPublishOptions, MqttClient } from "mqtt";
import type { Cancel } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { Accepted, PublishOptions, TopicClient, TopicMessage } from "./topic-client.ts";

type Listener = (message: TopicMessage) => void;

/** A topic client over a connected mqtt.js client. */
export class MqttTopicClient implements TopicClient {
  readonly name: string;
  readonly #client: MqttClient;
  readonly #touch: () => void;
  readonly #subscriptions: { filter: string; listener: Listener }[] = [];
  readonly #lost = new Set<(fault: Fault) => void>();
  #fault: Fault | undefined;
  #closed = false;

  /**
   * @param client - connected, and without reconnection of its own: a lost connection is the lab's to mend
   * @param touch - tells the clock that something happened
   */
  constructor(name: string, client: MqttClient, touch: () => void) {
    this.name = name;
    this.#client = client;
    this.#touch = touch;
    client.on("message", (topic, payload, packet) => {
      touch();
      for (const { filter, listener } of this.#subscriptions) {
        if (matches(filter, topic)) listener({ topic, payload, retained: packet.retain });
      }
    });
    // Without a listener an error event would end the process.
    client.on("error", (error) => this.#lose(error.message));
    client.on("close", () => this.#lose("the connection was closed"));
  }

  publish(topic: string, payload: string | Uint8Array, options: PublishOptions = {}): Promise<Accepted> {
    if (this.#gone !== undefined) return Promise.resolve({ kind: "failed", fault: this.#gone });
    const { qos = 1, retain = false } = options;
    const sent: IClientPublishOptions = { qos, retain };
    const bytes = typeof payload === "string" ? payload : Buffer.from(payload);
    return this.#asked((done) => this.#client.publish(topic, bytes, sent, done), `publishing to ${topic}`);
  }

  subscribe(filter: string, listener: Listener, qos: 0 | 1 | 2 = 1): Promise<Accepted> {
    if (this.#gone !== undefined) return Promise.resolve({ kind: "failed", fault: this.#gone });
    this.#subscriptions.push({ filter, listener });
    return this.#asked((done) => this.#client.subscribe(filter, { qos }, done), `subscribing to ${filter}`);
  }

  onLost(listener: (fault: Fault) => void): Cancel {
    if (this.#fault !== undefined) listener(this.#fault);
    else this.#lost.add(listener);
    return () => this.#lost.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#lost.clear();
    await this.#client.endAsync(true);
  }

  /** Why nothing can be asked of the broker any more. */
  get #gone(): Fault | undefined {
    if (!this.#closed) return this.#fault;
    return { code: "instrument.line-closed", message: `the connection to ${this.name} was closed` };
  }

  #asked(ask: (done: (error?: Error | null) => void) => void, what: string): Promise<Accepted> {
    return new Promise((resolve) => {
      const lost = this.onLost((fault) => resolve({ kind: "failed", fault }));
      this.#touch();
      ask((error) => {
        lost();
        this.#touch();
        if (error === undefined || error === null) return resolve({ kind: "accepted" });
        resolve({ kind: "failed", fault: this.#refused(what, error.message) });
      });
    });
  }

  #refused(what: string, why: string): Fault {
    return {
      code: "instrument.broker-refused",
      message: `${this.name} refused ${what}: ${why}`,
      advice: "check the broker's log and the rights of this user",
    };
  }

  #lose(why: string): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#fault = {
      code: "instrument.broker-lost",
      message: `the connection to ${this.name} is gone: ${why}`,
      advice: "check that the broker runs and can be reached",
    };
    for (const listener of this.#lost) listener(this.#fault);
    this.#lost.clear();
  }
}

/** Whether a topic matches a filter with "+" for one level and a final "#" for all that follow. */
export function matches(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  for (const [i, level] of wanted.entries()) {
    if (level === "#") return true;
    if (i >= levels.length || (level !== "+" && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}

/**
 * What every connection of ours asks of mqtt.js: no reconnection behind our back, and nothing kept for later
 * while there is no connection, since a command that arrives late is worse than one that fails.
 */
export const CLIENT_OPTIONS: IClientOptions = {
  reconnectPeriod: 0,
  queueQoSZero: false,
  clean: true,
};
