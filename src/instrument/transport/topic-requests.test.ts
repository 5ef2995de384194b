import { afterEach, describe, expect, it } from "vitest";
import { sleep } from "../../base/clock.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { type MemoryBroker, openMemoryBroker } from "./memory-broker.ts";
import type { ProtocolVersion, TopicClient, TopicMessage } from "./topic-client.ts";
import { type TopicAnswered, TopicRequests } from "./topic-requests.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

let broker: MemoryBroker;
afterEach(() => broker.close());

interface Bench {
  readonly clock: VirtualClock;
  readonly device: TopicClient;
  readonly requests: TopicRequests;
  readonly came: TopicMessage[];
  readonly restarts: number[];
  ask(timeout?: number): Promise<TopicAnswered<string>>;
}

/** Requests to a device that the test plays; `before` happens before the driver listens. */
async function bench(
  protocolVersion: ProtocolVersion,
  before: (device: TopicClient) => Promise<unknown> = async () => undefined,
): Promise<Bench> {
  const clock = new VirtualClock(0, turn);
  broker = await openMemoryBroker(clock);
  const device = await broker.connect("device", { protocolVersion });
  const came: TopicMessage[] = [];
  await device.subscribe("d/ask", (message) => came.push(message));
  await before(device);
  const restarts: number[] = [];
  const requests = new TopicRequests({
    instrument: "it",
    topics: await broker.connect("driver", { protocolVersion }),
    clock,
    requests: "d/ask",
    answers: "d/answer",
    status: "d/status",
    session: "s",
    restarted: () => void restarts.push(clock.now()),
  });
  await requests.begin();
  const ask = (timeout = 1000): Promise<TopicAnswered<string>> =>
    requests.request({ payload: "?", timeout, signal: never, answer: ({ payload }) => text(payload) });
  return { clock, device, requests, came, restarts, ask };
}

describe("requests over topics", () => {
  it("carry response topic and correlation data over MQTT 5, other ones each time", async () => {
    const { device, came, ask, clock } = await bench(5);
    for (const answer of ["one", "two"]) {
      const asked = ask();
      await sleep(clock, 10);
      const { responseTopic, correlationData } = came.at(-1) as TopicMessage;
      expect(responseTopic).toBe("d/answer");
      await device.publish("d/answer", answer, { correlationData: correlationData as Uint8Array });
      expect(await asked).toEqual({ kind: "answer", answer });
    }
    expect(came[0]?.correlationData).not.toEqual(came[1]?.correlationData);
  });

  it("don't take a late answer for the next one", async () => {
    const { device, came, ask, clock } = await bench(5);
    expect(await ask()).toMatchObject({ kind: "no answer", fault: { code: "instrument.no-answer" } });
    const second = ask();
    await sleep(clock, 10);
    await device.publish("d/answer", "late", { correlationData: came[0]?.correlationData as Uint8Array });
    await device.publish("d/answer", "without");
    await device.publish("d/answer", "right", { correlationData: came[1]?.correlationData as Uint8Array });
    expect(await second).toEqual({ kind: "answer", answer: "right" });
  });

  it("don't take what was retained from before for an answer", async () => {
    const { device, ask, clock } = await bench(4, (node) =>
      node.publish("d/answer", "retained", { retain: true }),
    );
    const asked = ask();
    await sleep(clock, 10);
    await device.publish("d/answer", "live");
    expect(await asked).toEqual({ kind: "answer", answer: "live" });
  });

  it("fail at once when the device's last will comes, and until it is online again", async () => {
    const { device, came, ask, clock } = await bench(4);
    const asked = ask();
    await sleep(clock, 10);
    await device.publish("d/status", "offline", { retain: true });
    expect(await asked).toMatchObject({ kind: "failed", fault: { code: "instrument.offline" } });
    expect(await ask()).toMatchObject({ kind: "failed", fault: { code: "instrument.offline" } });
    expect(clock.now()).toBe(10);
    expect(came).toHaveLength(1);
    await device.publish("d/status", "online", { retain: true });
    await sleep(clock, 10);
    const again = ask();
    await sleep(clock, 10);
    await device.publish("d/answer", "here");
    expect(await again).toEqual({ kind: "answer", answer: "here" });
  });

  it("know from a retained status that the device is offline", async () => {
    const { ask, clock } = await bench(4, (node) => node.publish("d/status", "offline", { retain: true }));
    await sleep(clock, 10);
    expect(await ask()).toMatchObject({ kind: "failed", fault: { code: "instrument.offline" } });
  });

  it("fail when the device restarts meanwhile, and say so", async () => {
    const { device, ask, clock, restarts } = await bench(4, (node) =>
      node.publish("d/status", '{"status":"online","boot":"1"}', { retain: true }),
    );
    const asked = ask();
    await sleep(clock, 10);
    await device.publish("d/status", '{"status":"online","boot":"2"}', { retain: true });
    expect(await asked).toMatchObject({ kind: "failed", fault: { code: "instrument.restarted" } });
    expect(restarts).toEqual([10]);
  });

  it("call an answer stale that is older than is allowed", async () => {
    const { device, requests, clock } = await bench(4);
    const asked = requests.request({
      payload: "?",
      timeout: 1000,
      signal: never,
      answer: ({ payload }) => Number(text(payload)),
      measuredAt: (at) => at,
      maximumAge: 500,
    });
    await sleep(clock, 100);
    await device.publish("d/answer", "-401");
    expect(await asked).toMatchObject({ kind: "failed", fault: { code: "instrument.stale" } });
  });

  it("fail at once when the broker is lost", async () => {
    const { ask, clock } = await bench(5);
    const asked = ask();
    await sleep(clock, 10);
    await broker.close();
    expect(await asked).toMatchObject({ kind: "failed", fault: { code: "instrument.broker-lost" } });
  });
});
