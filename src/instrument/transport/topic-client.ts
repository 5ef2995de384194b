import type { Cancel } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";

/** A message that came over a broker. */
export interface TopicMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** True for a message that the broker kept from before the subscription. */
  readonly retained: boolean;
}

/** How a message is sent. */
export interface PublishOptions {
  /** 0 at most once, 1 at least once, 2 exactly once; 1 when absent. */
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
}

/** Whether a broker took over what was asked of it. */
export type Accepted = { readonly kind: "accepted" } | { readonly kind: "failed"; readonly fault: Fault };

/** A connection to an MQTT broker. */
export interface TopicClient {
  /** What it is called in messages, such as "mqtt://broker.lab:1883". */
  readonly name: string;
  /** Sends a message; nothing is kept for later when the connection is down. */
  publish(topic: string, payload: string | Uint8Array, options?: PublishOptions): Promise<Accepted>;
  /** Calls the listener with every message whose topic matches the filter ("+" one level, "#" the rest). */
  subscribe(filter: string, listener: (message: TopicMessage) => void, qos?: 0 | 1 | 2): Promise<Accepted>;
  /** Calls the listener once when the connection is lost, and never after `close`; at once when it was lost before. */
  onLost(listener: (fault: Fault) => void): Cancel;
  close(): Promise<void>;
}
