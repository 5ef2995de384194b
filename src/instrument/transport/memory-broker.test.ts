import { afterEach, describe, expect, it } from "vitest";
import { sleep } from "../../base/clock.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { type MemoryBroker, openMemoryBroker } from "./memory-broker.ts";
import { matches } from "./mqtt-client.ts";

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
