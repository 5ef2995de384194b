import { createHash } from "node:crypto";

/** What tells one delivery from another. */
export interface Delivery {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  /** The sender's flag that it sent this packet before. */
  readonly dup: boolean;
  readonly retain: boolean;
  readonly messageId?: number | undefined;
  readonly correlationData?: Uint8Array | undefined;
}

/** Deliveries that are remembered; brokers have at most some tens under way to one client. */
const REMEMBERED = 256;

/**
 * Tells deliveries that come a second time, which QoS 1 allows: a packet that the broker sends again under its number,
 * also after a new connection, and an answer that its sender published again under the same correlation data.
 */
export class Deliveries {
  readonly #packets = new Recent();
  readonly #answers = new Recent();

  /** Whether it came before; remembers it. */
  isRepeated(delivery: Delivery): boolean {
    const { topic, qos, dup, retain, messageId, correlationData } = delivery;
    if (qos === 0 && correlationData === undefined) return false;
    const content = digest(delivery);
    const packet = qos > 0 && this.#packets.set(String(messageId), content) && dup;
    if (correlationData === undefined || retain) return packet;
    const answer = this.#answers.set(`${topic} ${Buffer.from(correlationData).toString("hex")}`, content);
    return packet || answer;
  }
}

/** The last contents by key. */
class Recent {
  readonly #contents = new Map<string, string>();

  /** Whether the key had this content already. */
  set(key: string, content: string): boolean {
    const same = this.#contents.get(key) === content;
    this.#contents.delete(key);
    this.#contents.set(key, content);
    const oldest = this.#contents.size > REMEMBERED ? this.#contents.keys().next().value : undefined;
    if (oldest !== undefined) this.#contents.delete(oldest);
    return same;
  }
}

function digest({ topic, payload }: Delivery): string {
  return createHash("sha256").update(topic).update("\0").update(payload).digest("base64");
}
