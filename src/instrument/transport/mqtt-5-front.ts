import type { Duplex } from "node:stream";
import { generate, type IConnectPacket, type IPublishPacket, type Packet, parser } from "mqtt-packet";
import type { Clock } from "../../base/clock.ts";
import { memorySockets } from "./memory-socket.ts";

/** Reason code of MQTT 5 for a connection that is refused without a closer reason. */
const UNSPECIFIED = 0x80;
/** Reason code of MQTT 5 for a client that leaves and wants its will published. */
const DISCONNECT_WITH_WILL = 4;

/**
 * What stands before aedes, which speaks MQTT 3.1.1 alone, so that clients may speak MQTT 5. Inside the broker every
 * payload is a whole MQTT 5 publish packet, so that properties live through retention, wills and kept sessions; a client
 * of MQTT 3.1.1 gets the payload without them. Sessions and messages don't expire in it.
 *
 * @param client - the client's connection
 * @returns the connection that the broker is to serve
 */
export function mqtt5Front(client: Duplex, clock: Clock): Duplex {
  const [front, broker] = memorySockets(clock);
  const up = parser();
  const down = parser({ protocolVersion: 4 });
  const unsubscribed = new Map<number, number>();
  let protocolVersion: 3 | 4 | 5 = 4;
  up.on("packet", (packet) => {
    if (packet.cmd === "connect") protocolVersion = packet.protocolVersion ?? 4;
    if (packet.cmd === "unsubscribe")
      unsubscribed.set(packet.messageId as number, packet.unsubscriptions.length);
    if (packet.cmd === "disconnect" && packet.reasonCode === DISCONNECT_WITH_WILL) front.destroy();
    else front.write(generate(forBroker(packet)));
  });
  down.on("packet", (packet) => {
    const answered = protocolVersion === 5 ? forClient(packet, unsubscribed) : bare(packet);
    client.write(generate(answered, { protocolVersion }));
  });
  // What can't be read ends a connection, as in any broker.
  up.on("error", () => client.destroy());
  down.on("error", () => client.destroy());
  client.on("data", (bytes: Buffer) => up.parse(bytes));
  front.on("data", (bytes: Buffer) => down.parse(bytes));
  closeTogether(client, front);
  return broker;
}

function closeTogether(a: Duplex, b: Duplex): void {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("end", () => other.end());
    one.on("close", () => other.destroy());
  }
}

function forBroker(packet: Packet): Packet {
  switch (packet.cmd) {
    case "connect":
      return connecting(packet);
    case "publish":
      return { ...without(packet), payload: wrapped(packet) };
    case "subscribe": {
      const { cmd, messageId } = packet;
      const subscriptions = packet.subscriptions.map(({ topic, qos }) => ({ topic, qos }));
      return { cmd, subscriptions, ...numbered(messageId) };
    }
    case "puback":
    case "pubrec":
    case "pubrel":
    case "pubcomp":
      return { cmd: packet.cmd, ...numbered(packet.messageId) };
    default:
      return without(packet);
  }
}

/** A session of MQTT 5 that isn't to outlive its connection is a clean one of MQTT 3.1.1. */
function connecting(packet: IConnectPacket): IConnectPacket {
  if (packet.protocolVersion !== 5) return { ...packet, ...willOf(packet) };
  const expiry = packet.properties?.sessionExpiryInterval ?? 0;
  return {
    ...without(packet),
    protocolVersion: 4,
    clean: packet.clean === true || expiry === 0,
    ...willOf(packet),
  };
}

function willOf({ will }: IConnectPacket): Pick<IConnectPacket, "will"> {
  if (will === undefined) return {};
  return { will: { ...without(will), payload: wrapped(will) } };
}

/** The message and its properties as one payload; an empty one stays empty, since it deletes what is retained. */
function wrapped({
  topic,
  payload,
  properties,
}: Pick<IPublishPacket, "topic" | "payload" | "properties">): Buffer {
  if (payload.length === 0) return Buffer.alloc(0);
  const whole = { cmd: "publish", topic, payload, qos: 0, dup: false, retain: false } as const;
  const kept = properties === undefined ? whole : { ...whole, properties };
  return generate(kept, { protocolVersion: 5 });
}

/** The message that {@link wrapped} made a payload of; what the broker itself says is as it is. */
function unwrapped(packet: IPublishPacket): IPublishPacket {
  if (packet.payload.length === 0 || packet.topic.startsWith("$SYS/")) return packet;
  let inner: IPublishPacket | undefined;
  const reader = parser({ protocolVersion: 5 });
  reader.on("packet", (read) => {
    inner = read as IPublishPacket;
  });
  reader.parse(Buffer.from(packet.payload));
  if (inner === undefined) return packet;
  const { payload, properties } = inner;
  return { ...packet, payload, ...(properties === undefined ? {} : { properties }) };
}

/** For a client of MQTT 3.1.1. */
function bare(packet: Packet): Packet {
  return packet.cmd === "publish" ? without(unwrapped(packet)) : packet;
}

/** For a client of MQTT 5. */
function forClient(packet: Packet, unsubscribed: Map<number, number>): Packet {
  switch (packet.cmd) {
    case "publish":
      return unwrapped(packet);
    case "connack": {
      const { cmd, sessionPresent, returnCode } = packet;
      return { cmd, sessionPresent, reasonCode: returnCode === 0 ? 0 : UNSPECIFIED };
    }
    case "unsuback": {
      const count = unsubscribed.get(packet.messageId as number) ?? 0;
      unsubscribed.delete(packet.messageId as number);
      return { ...packet, granted: Array.from({ length: count }, () => 0) };
    }
    default:
      return packet;
  }
}

function without<P extends object>(packet: P): Omit<P, "properties"> & P {
  const { properties: _, ...rest } = packet as P & { properties?: unknown };
  return rest as Omit<P, "properties"> & P;
}

function numbered(messageId: number | undefined): { messageId?: number } {
  return messageId === undefined ? {} : { messageId };
}
