import {
  type Call,
  type Instrument,
  openMemoryBroker,
  openSimulation,
  type TopicClient,
  VirtualClock,
} from "labloop/instrument";
import { afterEach, describe, expect, it } from "vitest";
import {
  type SimulatedNode,
  simulator,
} from "../../../simulators/instruments/sparks-baird/clslab-light/index.ts";
import { type ColourMixing, process } from "../../../simulators/processes/colour-mixing/index.ts";
import { driver } from "./index.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const read = (given: Call["arguments"] = {}): Call => ({ action: "read", key: "k", arguments: given });

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Bench {
  clock: VirtualClock;
  sensor: Instrument;
  twin: SimulatedNode;
  vial: ColourMixing;
}

async function bench(clock: VirtualClock = new VirtualClock(0, turn)): Promise<Bench> {
  const opened = openSimulation({ clock, seed: 1, process, settings: {} });
  if (opened.kind === "refused") throw new Error(opened.faults[0]?.message);
  const connected = await opened.simulation.connect({
    name: "colour sensor",
    driver,
    simulator,
    settings: { node: "n1" },
    twin: {},
    signal: never,
    note: () => undefined,
  });
  if (connected.kind === "failed") throw new Error(connected.fault.message);
  closing.push(async () => (await connected.instrument.close(), await opened.simulation.close()));
  return {
    clock,
    sensor: connected.instrument,
    twin: connected.twin as SimulatedNode,
    vial: opened.simulation.process,
  };
}

/** A driver whose node is played by the test. */
async function byHand(answer: (command: Record<string, unknown>, node: TopicClient) => void) {
  const clock = new VirtualClock(0, turn);
  const broker = await openMemoryBroker(clock);
  const node = await broker.connect("node");
  await node.subscribe("sdl-demo/picow/n1/GPIO/28", ({ payload }) => {
    answer(JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>, node);
  });
  closing.push(() => broker.close());
  const transport = await broker.connect("driver");
  const settings = { node: "n1", red: 0, green: 0, blue: 30, integration: 0.2808, gain: "128" };
  return driver.connect({ name: "sensor", settings, clock, signal: never, transport, note: () => undefined });
}

const CHANNELS = ["ch410", "ch440", "ch470", "ch510", "ch550", "ch583", "ch620", "ch670"];
const counts = (value: number): Record<string, number> =>
  Object.fromEntries(CHANNELS.map((channel) => [channel, value]));
const say = (node: TopicClient, message: unknown): void =>
  void node.publish(
    "sdl-demo/picow/n1/as7341/",
    typeof message === "string" ? message : JSON.stringify(message),
    {
      qos: 0,
    },
  );

describe("the driver for the colour sensor node", () => {
  it("reads eight channels in the light and in the dark, in the time that two integrations take", async () => {
    const { sensor, clock } = await bench();
    const before = clock.now();
    const outcome = await sensor.perform(read(), never);
    if (outcome.kind !== "done") throw new Error(outcome.fault.message);
    expect(Object.keys(outcome.readings)).toHaveLength(16);
    expect(clock.now() - before).toBeGreaterThan(560);
    expect(clock.now() - before).toBeLessThan(sensor.estimate(read()) + 1);
  });

  it("flags a saturated channel, and gives no number for it", async () => {
    const { sensor } = await bench();
    const outcome = await sensor.perform(read({ red: 255, blue: 5 }), never);
    expect(outcome).toMatchObject({ kind: "done", flags: expect.arrayContaining(["saturated:ch620"]) });
    expect(outcome.kind === "done" && outcome.readings).not.toHaveProperty("ch620");
    expect(outcome.kind === "done" && outcome.readings).toHaveProperty("ch440");
  });

  it("knows that the scale is shorter for short integrations", async () => {
    const { sensor } = await bench();
    const outcome = await sensor.perform(read({ red: 255, gain: "512", integration: 0.0139 }), never);
    expect(outcome).toMatchObject({ kind: "done", flags: expect.arrayContaining(["saturated:ch620"]) });
  });

  it("sees less red where there is cyan dye", async () => {
    const { sensor, clock, vial } = await bench();
    const clear = await sensor.perform(read({ red: 20 }), never);
    const [cyan, water] = [vial.ports["cyan"], vial.ports["water"]];
    if (cyan?.kind !== "flow" || water?.kind !== "flow") throw new Error("no ports");
    cyan.setFlow(0.1);
    water.setFlow(0.2);
    await new Promise<void>((resolve) => void clock.at(clock.now() + 10_000, resolve));
    cyan.setFlow(0);
    water.setFlow(0);
    await new Promise<void>((resolve) => void clock.at(clock.now() + 30_000, resolve));
    const dyed = await sensor.perform(read({ red: 20 }), never);
    if (clear.kind !== "done" || dyed.kind !== "done") throw new Error("no reading");
    const ratio = (dyed.readings["ch620"] as number) / (clear.readings["ch620"] as number);
    // A third of a dye with absorbance 3 at 630 nm lets a tenth through; the lamp is 20 nm wide at 624 nm.
    expect(ratio).toBeGreaterThan(0.09);
    expect(ratio).toBeLessThan(0.13);
  });

  it("ignores answers to others, late ones, ones that can't be read, and second ones", async () => {
    let earlier: Record<string, unknown> | undefined;
    const connected = await byHand((command, node) => {
      say(node, "no JSON");
      say(node, { _input_message: "no JSON either", error: "ValueError" });
      say(node, {
        _input_message: { ...command, _session_id: "a stranger's" },
        ...counts(1),
        background: counts(1),
      });
      if (earlier) say(node, { _input_message: earlier, ...counts(2), background: counts(2) });
      say(node, { _input_message: command, ch410: "many", background: {} });
      say(node, { _input_message: command, ...counts(500), background: counts(3) });
      say(node, { _input_message: command, ...counts(600), background: counts(4) });
      earlier = command;
    });
    if (connected.kind === "failed") throw new Error(connected.fault.message);
    for (let i = 0; i < 3; i++) {
      const outcome = await connected.instrument.perform(read(), never);
      expect(outcome).toMatchObject({ kind: "done", readings: { ...counts(500), background410: 3 } });
    }
  });

  it("asks a second time before it gives up, since a reading may be repeated", async () => {
    let asked = 0;
    const connected = await byHand((command, node) => {
      asked += 1;
      if (asked !== 2) say(node, { _input_message: command, ...counts(500), background: counts(3) });
    });
    if (connected.kind === "failed") throw new Error(connected.fault.message);
    expect(await connected.instrument.perform(read(), never)).toMatchObject({ kind: "done" });
    expect(asked).toBe(3);
  });

  it("passes on an error that the node reports twice", async () => {
    const connected = await byHand((command, node) => {
      if (command["B"] === 0) say(node, { _input_message: command, ...counts(5), background: counts(3) });
      else say(node, { _input_message: command, error: "OSError: no sensor" });
    });
    if (connected.kind === "failed") throw new Error(connected.fault.message);
    expect(await connected.instrument.perform(read(), never)).toMatchObject({
      kind: "failed",
      effect: "none",
      fault: { code: "instrument.alarm", message: expect.stringContaining("OSError: no sensor") },
    });
  });

  it("fails at once when it is closed", async () => {
    const { sensor, clock } = await bench();
    const began = clock.now();
    const running = sensor.perform(read(), never);
    clock.at(began + 100, () => void sensor.close());
    expect(await running).toMatchObject({ kind: "failed", effect: "none" });
    expect(clock.now()).toBe(began + 100);
  });
});
