import type { Cancel } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";

/** A message that came over a broker. */
export interface TopicMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** True for a message that the broker kept from before the subscription. */
  readonly retained: boolean;
  /** Where an answer is wanted (MQTT 5). */
  readonly responseTopic?: string;
  /** Of a request: what its answer has to repeat; of an answer: the request's (MQTT 5). */
  readonly correlationData?: Uint8Array;
}

/** How a message is sent. */
export interface PublishOptions {
  /** 0 at most once, 1 at least once, 2 exactly once; 1 when absent. */
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  /** Where an answer is wanted; not sent over MQTT 3.1.1. */
  readonly responseTopic?: string;
  /** What the answer has to repeat, or repeats; not sent over MQTT 3.1.1. */
  readonly correlationData?: Uint8Array;
  /** Whole seconds after which a broker no longer delivers it; not sent over MQTT 3.1.1. */
  readonly messageExpiry?: number;
}

/** Version 4 is MQTT 3.1.1, which has neither request and response nor sessions that expire. */
export type ProtocolVersion = 4 | 5;

/** What a broker publishes, retained and with QoS 1, when the connection breaks without a word. */
export interface LastWill {
  readonly topic: string;
  readonly payload: string;
}

/** Whether a broker took over what was asked of it. */
export type Accepted = { readonly kind: "accepted" } | { readonly kind: "failed"; readonly fault: Fault };

/** A connection to an MQTT broker. */
export interface TopicClient {
  /** What it is called in messages, such as "mqtt://broker.lab:1883". */
  readonly name: string;
  readonly protocolVersion: ProtocolVersion;
  /** Sends a message; nothing is kept for later when the connection is down. */
  publish(topic: string, payload: string | Uint8Array, options?: PublishOptions): Promise<Accepted>;
  /** Calls the listener with every message whose topic matches the filter ("+" one level, "#" the rest), once each. */
  subscribe(filter: string, listener: (message: TopicMessage) => void, qos?: 0 | 1 | 2): Promise<Accepted>;
  /** Calls the listener once when the connection is lost, and never after `close`; at once when it was lost before. */
  onLost(listener: (fault: Fault) => void): Cancel;
  close(): Promise<void>;
}

/** A broker as a device sees it: it connects by itself, with its own last will, and again after a power cut. */
export interface TopicNetwork {
  /** @throws Error when the broker isn't there */
  connect(options?: { readonly will?: LastWill }): Promise<TopicClient>;
}
