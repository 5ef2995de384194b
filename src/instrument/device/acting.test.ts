import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { delimited } from "../codec/delimited.ts";
import type { Instrument, Outcome } from "../contract/instrument.ts";
import { answering } from "../testing/answering.ts";
import { memoryLine } from "../transport/memory-line.ts";
import { reaching, taking } from "./acting.ts";
import { askNumber } from "./ask-number.ts";
import { alarms, declare } from "./declare.ts";
import { quantity } from "./declaring.ts";
import { endState, readOut } from "./declaring-actions.ts";
import { defineLineDriver } from "./define-line-driver.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

/** A heater that is looked at once a minute, and is to change by 1 K in each. */
const driver = defineLineDriver({
  declaration: declare({
    id: "acme/heater",
    title: "A heater",
    manual: "none",
    verified: "emulator only",
    transport: "serial",
    actions: {
      reach: endState("reaches a temperature", {
        arguments: { temperature: quantity("degC", "to be reached") },
      }),
      look: readOut("looks"),
      fail: readOut("fails"),
    },
    alarms: alarms({ E1: "it is hot", E2: "it is cold" }, "wait"),
  }),
  framing: () => ({ decoder: delimited({ end: 0x0a }), end: "\n", timeout: 500 }),
  open: async (opening) => ({
    identity: { model: opening.name },
    actions: {
      reach: reaching({
        value: "temperature",
        unit: "degC",
        set: (device, wanted) => device.tell(`SP ${wanted}`),
        read: (device) => askNumber(device, "T?", /^T=(.*)$/),
        near: () => 0.5,
        every: 60_000,
        within: 1000,
        slowest: () => 1,
        takes: () => 5000,
      }),
      look: taking(70, async (device) => {
        device.flag("through a glass");
        return { line: await askNumber(device, "WHOLE?") };
      }),
      fail: (device) => device.wrongState("it sleeps", "wake it"),
    },
    check: async () => undefined,
    safe: async () => ({}),
  }),
});

async function heater(answer: (asked: string) => string | undefined): Promise<Instrument> {
  const clock = new VirtualClock(0, turn);
  const line = memoryLine({ name: "line", clock });
  answering(line.device, delimited({ end: 0x0a }), (asked) => answer(asked)?.concat("\n"));
  const connected = await driver.connect({
    name: "oven",
    settings: {},
    clock,
    signal: never,
    transport: line.host,
    note: () => undefined,
  });
  if (connected.kind === "failed") throw new Error(connected.fault.message);
  return connected.instrument;
}

async function perform(instrument: Instrument, action: string, given = {}): Promise<Outcome> {
  const outcome = await instrument.perform({ action, arguments: given, key: "k" }, never);
  await instrument.close();
  return outcome;
}

describe("an action that sets a value and waits for it", () => {
  it("takes the way at its slowest for granted", async () => {
    let at = 20;
    const instrument = await heater((asked) => (asked === "T?" ? `T=${at++}` : undefined));
    expect(instrument.estimate({ action: "reach", arguments: {}, key: "k" })).toBe(5000);
    expect(await perform(instrument, "reach", { temperature: 25 })).toEqual({
      kind: "done",
      readings: { temperature: 25 },
    });
  });

  it("gives up what is slower", async () => {
    const instrument = await heater((asked) => (asked === "T?" ? "T=20" : undefined));
    expect(await perform(instrument, "reach", { temperature: 22 })).toMatchObject({
      kind: "failed",
      effect: "unknown",
      fault: { code: "instrument.overdue", message: "oven: reaching 22 degC took more than 121000 ms" },
    });
  });
});

describe("a number that is asked for", () => {
  it("is looked for in the lines of its form only", async () => {
    const instrument = await heater((asked) => (asked === "T?" ? "SP=90\nT=25.0" : undefined));
    expect(await perform(instrument, "reach", { temperature: 25 })).toMatchObject({ kind: "done" });
  });

  it("may be the whole line, and stands beside what the driver says of it", async () => {
    const instrument = await heater(() => "\n 12.5 ");
    expect(await perform(instrument, "look")).toEqual({
      kind: "done",
      readings: { line: 12.5 },
      flags: ["through a glass"],
    });
  });

  it("is never guessed", async () => {
    const instrument = await heater(() => "12.5 or so");
    expect(await perform(instrument, "look")).toMatchObject({
      kind: "failed",
      fault: { code: "instrument.unreadable-answer" },
    });
  });
});

it("a call that ends in one of the usual ways has its code", async () => {
  expect(await perform(await heater(() => undefined), "fail")).toEqual({
    kind: "failed",
    effect: "none",
    fault: { code: "instrument.wrong-state", message: "oven: it sleeps", advice: "wake it" },
  });
});

it("what a declaration leaves out is empty, and alarms share their advice", () => {
  const { settings, properties, alarms: told } = driver.declaration;
  expect({ settings, properties }).toEqual({ settings: {}, properties: {} });
  expect(told).toEqual({
    E1: { description: "it is hot", advice: "wait" },
    E2: { description: "it is cold", advice: "wait" },
  });
});
