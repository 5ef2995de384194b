import type { IClientOptions, IClientPublishOptions, IPublishPacket, MqttClient } from "mqtt";
import type { Cancel } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { Deliveries } from "./deliveries.ts";
import type {
  Accepted,
  LastWill,
  ProtocolVersion,
  PublishOptions,
  TopicClient,
  TopicMessage,
} from "./topic-client.ts";

type Listener = (message: TopicMessage) => void;

/** How a connection to a broker is made. */
export interface SessionOptions {
  /** 4, which is MQTT 3.1.1, when absent. */
  readonly protocolVersion?: ProtocolVersion;
  /**
   * Whole seconds for which the broker keeps subscriptions and messages of QoS 1 and 2 while the connection is down;
   * none when absent. Needs MQTT 5.
   */
  readonly sessionExpiry?: number;
  readonly will?: LastWill;
  /** What came over earlier connections of the session. */
  readonly deliveries?: Deliveries;
}

/** Messages of a kept session that wait for the subscription that they belong to. */
const EARLY = 1000;
/** Reason code of MQTT 5: another client connected with the same id (section 3.14.2.1). */
const SESSION_TAKEN_OVER = 0x8e;

/** A topic client over an mqtt.js client. */
export class MqttTopicClient implements TopicClient {
  readonly name: string;
  readonly protocolVersion: ProtocolVersion;
  readonly #client: MqttClient;
  readonly #touch: () => void;
  readonly #keeps: boolean;
  readonly #deliveries: Deliveries;
  readonly #subscriptions: { filter: string; listener: Listener }[] = [];
  readonly #lost = new Set<(fault: Fault) => void>();
  #early: TopicMessage[] = [];
  #fault: Fault | undefined;
  #closed = false;

  /**
   * @param client - about to connect: a kept session sends what it kept at once; without reconnection of its own, since
   * a lost connection is the lab's to mend
   * @param touch - tells the clock that something happened
   */
  constructor(name: string, client: MqttClient, touch: () => void, session: SessionOptions = {}) {
    this.name = name;
    this.protocolVersion = session.protocolVersion ?? 4;
    this.#client = client;
    this.#touch = touch;
    this.#keeps = session.sessionExpiry !== undefined;
    this.#deliveries = session.deliveries ?? new Deliveries();
    client.on("message", (_topic, _payload, packet) => this.#take(packet));
    client.on("disconnect", ({ reasonCode }) => {
      if (reasonCode === SESSION_TAKEN_OVER) this.#lose(this.#takenOver());
    });
    // Without a listener an error event would end the process.
    client.on("error", (error) => this.#lose(this.#gone(error.message)));
    client.on("close", () => this.#lose(this.#gone("the connection was closed")));
  }

  publish(topic: string, payload: string | Uint8Array, options: PublishOptions = {}): Promise<Accepted> {
    if (this.#unusable !== undefined) return Promise.resolve({ kind: "failed", fault: this.#unusable });
    const { qos = 1, retain = false } = options;
    const sent: IClientPublishOptions = { qos, retain };
    if (this.protocolVersion === 5) sent.properties = propertiesOf(options);
    const bytes = typeof payload === "string" ? payload : Buffer.from(payload);
    return this.#asked((done) => this.#client.publish(topic, bytes, sent, done), `publishing to ${topic}`);
  }

  subscribe(filter: string, listener: Listener, qos: 0 | 1 | 2 = 1): Promise<Accepted> {
    if (this.#unusable !== undefined) return Promise.resolve({ kind: "failed", fault: this.#unusable });
    this.#subscriptions.push({ filter, listener });
    const early = this.#early.filter(({ topic }) => matches(filter, topic));
    this.#early = this.#early.filter((message) => !early.includes(message));
    for (const message of early) listener(message);
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
  get #unusable(): Fault | undefined {
    if (!this.#closed) return this.#fault;
    return { code: "instrument.line-closed", message: `the connection to ${this.name} was closed` };
  }

  #take(packet: IPublishPacket): void {
    this.#touch();
    const message = messageOf(packet);
    const { qos, dup, retain, messageId } = packet;
    const { topic, payload, correlationData } = message;
    if (this.#deliveries.isRepeated({ topic, payload, correlationData, qos, dup, retain, messageId })) return;
    const wanted = this.#subscriptions.filter(({ filter }) => matches(filter, message.topic));
    for (const { listener } of wanted) listener(message);
    if (wanted.length === 0 && this.#keeps && this.#early.length < EARLY) this.#early.push(message);
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

  #gone(why: string): Fault {
    return {
      code: "instrument.broker-lost",
      message: `the connection to ${this.name} is gone: ${why}`,
      advice: "check that the broker runs and can be reached",
    };
  }

  #takenOver(): Fault {
    return {
      code: "instrument.broker-taken-over",
      message: `another client connected to ${this.name} with the same client id, and took the session over`,
      advice: "give every program its own `client_id` in its lab file, and run a lab once only",
    };
  }

  #lose(fault: Fault): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#fault = fault;
    for (const listener of this.#lost) listener(fault);
    this.#lost.clear();
  }
}

function messageOf({ topic, payload, retain, properties }: IPublishPacket): TopicMessage {
  const { responseTopic, correlationData } = properties ?? {};
  return {
    topic,
    payload: Buffer.from(payload),
    retained: retain,
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData }),
  };
}

function propertiesOf(options: PublishOptions): NonNullable<IClientPublishOptions["properties"]> {
  const { responseTopic, correlationData, messageExpiry } = options;
  return {
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData) }),
    ...(messageExpiry === undefined ? {} : { messageExpiryInterval: messageExpiry }),
  };
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
export function clientOptions(clientId: string, session: SessionOptions): IClientOptions {
  const { protocolVersion = 4, sessionExpiry, will } = session;
  return {
    clientId,
    reconnectPeriod: 0,
    queueQoSZero: false,
    protocolVersion,
    clean: sessionExpiry === undefined,
    ...(sessionExpiry === undefined ? {} : { properties: { sessionExpiryInterval: sessionExpiry } }),
    ...(will === undefined
      ? {}
      : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true } }),
  };
}
