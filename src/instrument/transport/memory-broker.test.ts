import { afterEach, describe, expect, it } from "vitest";
import { sleep } from "../../base/clock.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { type MemoryBroker, openMemoryBroker } from "./memory-broker.ts";
import { matches } from "./mqtt-client.ts";
import type { TopicMessage } from "./topic-client.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

describe("the broker in memory", () => {
  let broker: MemoryBroker;
  afterEach(() => broker.close());

  it("carries a message of each quality of service at the moment it is sent", async () => {
    const clock = new VirtualClock(0, turn);
    broker = await openMemoryBroker(clock);
    const [a, b] = [await broker.connect("a"), await broker.connect("b")];
    const got: string[] = [];
    await b.subscribe("lab/+/cmd", (message) => got.push(`${clock.now()} ${text(message.payload)}`), 2);
    for (const qos of [0, 1, 2] as const) {
      expect(await a.publish("lab/x/cmd", `qos ${qos}`, { qos })).toEqual({ kind: "accepted" });
      await sleep(clock, 10);
    }
    expect(got).toEqual(["0 qos 0", "10 qos 1", "20 qos 2"]);
  });

  it("marks a message that was kept from before the subscription", async () => {
    const clock = new VirtualClock(0, turn);
    broker = await openMemoryBroker(clock);
    const [a, b] = [await broker.connect("a"), await broker.connect("b")];
    await a.publish("lab/state", "old", { retain: true });
    await sleep(clock, 1);
    const got: [string, boolean][] = [];
    await b.subscribe("lab/#", (message) => got.push([text(message.payload), message.retained]));
    await sleep(clock, 1);
    await a.publish("lab/state", "new", { retain: true });
    await sleep(clock, 1);
    expect(got).toEqual([
      ["old", true],
      ["new", false],
    ]);
  });

  it("carries the properties of MQTT 5, also of what is retained, and the bare payload to MQTT 3.1.1", async () => {
    const clock = new VirtualClock(0, turn);
    broker = await openMemoryBroker(clock);
    const five = { protocolVersion: 5 } as const;
    const [a, b] = [await broker.connect("a", five), await broker.connect("b", five)];
    const old = await broker.connect("old");
    const properties = { responseTopic: "r", correlationData: Uint8Array.of(0, 255) };
    await a.publish("t", "x", { ...properties, retain: true });
    await sleep(clock, 1);
    const got: unknown[] = [];
    const seen = ({ payload, retained, responseTopic, correlationData }: TopicMessage): unknown => [
      text(payload),
      retained,
      responseTopic,
      correlationData && [...correlationData],
    ];
    await b.subscribe("t", (message) => got.push(seen(message)));
    await sleep(clock, 1);
    await a.publish("t", "y", properties);
    await sleep(clock, 1);
    const bare: unknown[] = [];
    await old.subscribe("t", (message) => bare.push(seen(message)));
    await sleep(clock, 1);
    await old.publish("t", "z");
    await sleep(clock, 1);
    expect(got).toEqual([
      ["x", true, "r", [0, 255]],
      ["y", false, "r", [0, 255]],
      ["z", false, undefined, undefined],
    ]);
    expect(bare).toEqual([
      ["x", true, undefined, undefined],
      ["z", false, undefined, undefined],
    ]);
    await a.publish("t", "", { retain: true });
    await sleep(clock, 1);
    const late: unknown[] = [];
    await old.subscribe("+", (message) => late.push(seen(message)));
    await sleep(clock, 1);
    expect(late).toEqual([]);
  });

  it("publishes the last will of a client whose connection breaks, and keeps it", async () => {
    const clock = new VirtualClock(0, turn);
    broker = await openMemoryBroker(clock);
    const will = { topic: "d/status", payload: "offline" };
    for (const protocolVersion of [4, 5] as const) {
      const device = await broker.connect("device", { protocolVersion, will });
      await device.publish("d/status", "online", { retain: true });
      await sleep(clock, 1);
      await device.close();
      await sleep(clock, 1);
      const got: [string, boolean][] = [];
      const client = await broker.connect(`client ${protocolVersion}`);
      await client.subscribe("d/status", ({ payload, retained }) => got.push([text(payload), retained]));
      await sleep(clock, 1);
      expect(got).toEqual([["offline", true]]);
    }
  });

  it("keeps the messages of a session while its client is away", async () => {
    const clock = new VirtualClock(0, turn);
    broker = await openMemoryBroker(clock);
    const session = { protocolVersion: 5, sessionExpiry: 60 } as const;
    const sender = await broker.connect("sender");
    const first = await broker.connect("c", session);
    await first.subscribe("t", () => undefined);
    await first.close();
    await sleep(clock, 1);
    await sender.publish("t", "meanwhile");
    const got: string[] = [];
    const second = await broker.connect("c", session);
    await sleep(clock, 1);
    await second.subscribe("t", ({ payload }) => got.push(text(payload)));
    await sender.publish("t", "afterwards");
    await sleep(clock, 1);
    expect(got).toEqual(["meanwhile", "afterwards"]);
  });

  it("tells a client whose connection the broker drops, and refuses what it sends afterwards", async () => {
    const clock = new VirtualClock(0, turn);
    broker = await openMemoryBroker(clock);
    const client = await broker.connect("a");
    const lost = new Promise<string>((resolve) => client.onLost((fault) => resolve(fault.code)));
    await broker.close();
    expect(await lost).toBe("instrument.broker-lost");
    expect(await client.publish("x", "y")).toMatchObject({ kind: "failed" });
  });
});

describe("matches", () => {
  it.each([
    ["a/b", "a/b", true],
    ["a/b", "a/c", false],
    ["a/+", "a/c", true],
    ["a/+", "a/c/d", false],
    ["a/#", "a/c/d", true],
    ["a/#", "a", true],
    ["a/b", "a", false],
    ["a", "a/", false],
    ["a/", "a/", true],
  ])("filter %s and topic %s: %s", (filter, topic, expected) => {
    expect(matches(filter, topic)).toBe(expected);
  });
});
