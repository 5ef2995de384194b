import { createServer, type Server, type Socket } from "node:net";
import { generate, type Packet, parser } from "mqtt-packet";
import { afterEach, describe, expect, it } from "vitest";
import { sleep } from "../../base/clock.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { defineDriver } from "../contract/driver.ts";
import { declare } from "../device/declare.ts";
import { connectInstrument } from "../session/connect-instrument.ts";
import { Deliveries } from "./deliveries.ts";
import { connectBroker } from "./mqtt-broker.ts";
import type { SessionOptions } from "./mqtt-client.ts";
import type { TopicClient } from "./topic-client.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);
const DECLARATION = declare({
  id: "acme/node",
  title: "node",
  manual: "none",
  verified: "emulator only",
  transport: "mqtt",
  settings: {},
  properties: {},
  actions: {},
  alarms: {},
});
const FIVE = { protocolVersion: 5 } as const;

/** A broker that says what the test says, and tells what it was told. */
class HandBroker {
  readonly told: Packet[] = [];
  readonly #server: Server;
  readonly #waiting = new Map<string, () => void>();
  #socket: Socket | undefined;

  constructor() {
    this.#server = createServer((socket) => {
      this.#socket = socket;
      const reader = parser(FIVE);
      reader.on("packet", (packet) => this.#take(packet));
      socket.on("data", (bytes) => reader.parse(bytes));
      socket.on("error", () => socket.destroy());
    });
  }

  async url(): Promise<string> {
    if (!this.#server.listening)
      await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as { port: number };
    return `mqtt://127.0.0.1:${port}`;
  }

  /** Waits until it was told a packet. */
  heard(cmd: Packet["cmd"]): Promise<void> {
    if (this.told.some((packet) => packet.cmd === cmd)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(cmd, resolve));
  }

  async connect(session: SessionOptions = {}): Promise<TopicClient> {
    const clock = new VirtualClock(0, turn);
    const url = await this.url();
    const opened = await connectBroker({ url, clientId: "c", clock, ...FIVE, ...session });
    if (opened.kind === "failed") throw new Error(opened.fault.message);
    return opened.topics;
  }

  publish(messageId: number, payload: string, dup = false): void {
    this.send({ cmd: "publish", topic: "t", payload, qos: 1, dup, retain: false, messageId });
  }

  send(packet: Packet): void {
    this.#socket?.write(generate(packet, FIVE));
  }

  cut(): void {
    this.#socket?.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #take(packet: Packet): void {
    this.told.push(packet);
    this.#waiting.get(packet.cmd)?.();
    if (packet.cmd === "connect") this.send({ cmd: "connack", sessionPresent: false, reasonCode: 0 });
    if (packet.cmd === "subscribe")
      this.send({ cmd: "suback", granted: [1], messageId: packet.messageId as number });
  }
}

/** The messages of a topic, to be waited for. */
async function listening(
  topics: TopicClient,
): Promise<{ got: string[]; until(last: string): Promise<void> }> {
  const got: string[] = [];
  const waiting = new Map<string, () => void>();
  await topics.subscribe("t", ({ payload }) => {
    got.push(text(payload));
    waiting.get(text(payload))?.();
  });
  const until = (last: string): Promise<void> =>
    got.includes(last) ? Promise.resolve() : new Promise((resolve) => waiting.set(last, resolve));
  return { got, until };
}

describe("a client of a broker", () => {
  let broker: HandBroker;
  afterEach(() => broker.close());

  it("gives on once what the broker sends twice, and twice what comes twice", async () => {
    broker = new HandBroker();
    const topics = await broker.connect();
    const { got, until } = await listening(topics);
    broker.publish(7, "a");
    broker.publish(7, "a", true);
    broker.publish(8, "a");
    broker.publish(7, "end");
    await until("end");
    expect(got).toEqual(["a", "a", "end"]);
    await topics.close();
  });

  it("loses nothing and doubles nothing over a new connection of the same session", async () => {
    broker = new HandBroker();
    const session = { sessionExpiry: 60, deliveries: new Deliveries() };
    const first = await broker.connect(session);
    const before = await listening(first);
    broker.publish(1, "a");
    await before.until("a");
    const lost = new Promise<string>((resolve) => first.onLost(({ code }) => resolve(code)));
    broker.cut();
    expect(await lost).toBe("instrument.broker-lost");
    await first.close();
    const second = await broker.connect(session);
    // The broker didn't get the acknowledgement of "a", and "b" came meanwhile; both come before the subscription.
    broker.publish(1, "a", true);
    broker.publish(2, "b");
    const after = await listening(second);
    broker.publish(3, "c");
    await after.until("c");
    expect([...before.got, ...after.got]).toEqual(["a", "b", "c"]);
    expect(broker.told.filter(({ cmd }) => cmd === "connect")).toMatchObject([
      { clientId: "c", clean: false, properties: { sessionExpiryInterval: 60 } },
      { clientId: "c", clean: false, properties: { sessionExpiryInterval: 60 } },
    ]);
    await second.close();
  });

  it("asks for no session unless it is told to, and tells its last will", async () => {
    broker = new HandBroker();
    const topics = await broker.connect({ will: { topic: "d/status", payload: "offline" } });
    expect(broker.told[0]).toMatchObject({
      clean: true,
      will: { topic: "d/status", payload: Buffer.from("offline"), qos: 1, retain: true },
    });
    await topics.close();
  });

  it("sends requests with a topic for the answer, correlation data and an expiry", async () => {
    broker = new HandBroker();
    const topics = await broker.connect();
    const correlationData = Buffer.of(1, 2);
    void topics.publish("t", "?", { responseTopic: "r", correlationData, messageExpiry: 11 });
    await broker.heard("publish");
    expect(broker.told.at(-1)).toMatchObject({
      topic: "t",
      properties: { responseTopic: "r", correlationData, messageExpiryInterval: 11 },
    });
    await topics.close();
  });

  it("is known by the same name again where its session is kept, and by another where it isn't", async () => {
    broker = new HandBroker();
    const url = await broker.url();
    const clock = new VirtualClock(0, turn);
    const driver = defineDriver({
      declaration: { ...DECLARATION, transport: "mqtt" as const },
      connect: async ({ transport }) => {
        await transport.close();
        return { kind: "failed", fault: { code: "instrument.no-answer", message: "it is a test" } };
      },
    });
    const ids: unknown[] = [];
    for (const session of [{ sessionExpiry: 60 }, { sessionExpiry: 60 }, {}, {}, { clientId: "mine" }]) {
      await connectInstrument({
        name: "sensor",
        driver,
        settings: {},
        connection: { kind: "mqtt", url, protocolVersion: 5, ...session },
        clock,
        signal: new AbortController().signal,
        note: () => undefined,
      });
      ids.push(broker.told.flatMap((packet) => (packet.cmd === "connect" ? [packet.clientId] : [])).at(-1));
      await sleep(clock, 1000);
    }
    const unlike = (at: number): string => `labloop sensor ${at.toString(36)}`;
    expect(ids).toEqual(["labloop sensor", "labloop sensor", unlike(2000), unlike(3000), "mine"]);
  });

  it("knows that another client took its session over", async () => {
    broker = new HandBroker();
    const topics = await broker.connect();
    const lost = new Promise<string>((resolve) => topics.onLost(({ code }) => resolve(code)));
    broker.send({ cmd: "disconnect", reasonCode: 0x8e });
    expect(await lost).toBe("instrument.broker-taken-over");
    await topics.close();
  });
});
