import {
  type Call,
  type Instrument,
  openSimulation,
  type SafeState,
  sleep,
  VirtualClock,
} from "labloop/instrument";
import { afterEach, describe, expect, it } from "vitest";
import { type SimulatedPump, simulator } from "../../../simulators/instruments/new-era/ne-1000/index.ts";
import { type ColourMixing, process } from "../../../simulators/processes/colour-mixing/index.ts";
import { recorded } from "../../../src/instrument/testing/recorded.ts";
import { commandMark } from "./command-mark.ts";
import { driver } from "./index.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const call = (action: string, key: string, given: Call["arguments"]): Call => ({
  action,
  key,
  arguments: given,
});

interface Bench {
  clock: VirtualClock;
  pump: Instrument;
  twin: SimulatedPump;
  vial: ColourMixing;
  transcript: string[];
  notes: string[];
  /** A driver that begins anew at the same pump, as after a crash. */
  close(): Promise<void>;
}

const open: Bench[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});

async function bench(settings = {}, twinSettings = {}): Promise<Bench> {
  const clock = new VirtualClock(0, turn);
  const opened = openSimulation({ clock, seed: 1, process, settings: {} });
  if (opened.kind === "refused") throw new Error(opened.faults[0]?.message);
  const transcript: string[] = [];
  const notes: string[] = [];
  const connected = await opened.simulation.connect({
    name: "cyan pump",
    driver,
    simulator,
    settings: { diameter: 26.59, "syringe-volume": 60, rate: 10, ...settings },
    twin: { port: "cyan", cv: 0, ...twinSettings },
    signal: never,
    note: (text) => notes.push(text),
    between: (stream) => recorded(stream, (from, bytes) => transcript.push(`${from} ${bytes}`)),
  });
  if (connected.kind === "failed") throw new Error(connected.fault.message);
  const { instrument: pump } = connected;
  const twin = connected.twin as SimulatedPump;
  const made = { clock, pump, twin, vial: opened.simulation.process, transcript, notes };
  const whole = { ...made, close: async () => (await pump.close(), await opened.simulation.close()) };
  open.push(whole);
  return whole;
}

describe("the driver for the NE-1000", () => {
  it("acknowledges the power alarm, sets the syringe and clears the program when it connects", async () => {
    const { transcript, pump, notes } = await bench();
    expect(transcript).toEqual([
      "> VER<CR>",
      "< <STX>00A?R<ETX>",
      "> VER<CR>",
      "< <STX>00SNE1000V3.923<ETX>",
      "> DIA<CR>",
      "< <STX>00S14.43<ETX>",
      "> DIA26.59<CR>",
      "< <STX>00S<ETX>",
      "> PHN2<CR>",
      "< <STX>00S<ETX>",
      "> FUNSTP<CR>",
      "< <STX>00S<ETX>",
      "> PHN3<CR>",
      "< <STX>00S<ETX>",
      "> FUNRAT<CR>",
      "< <STX>00S<ETX>",
      "> PHN1<CR>",
      "< <STX>00S<ETX>",
      "> FUNRAT<CR>",
      "< <STX>00S<ETX>",
      "> VOL<CR>",
      "< <STX>00S0.000ML<ETX>",
    ]);
    expect(pump.identity).toEqual({ model: "NE1000", firmware: "3.923" });
    expect(notes).toHaveLength(2);
  });

  it("dispenses with the bytes of the manual, and reads back what was moved", async () => {
    const { pump, transcript, vial } = await bench();
    transcript.length = 0;
    const outcome = await pump.perform(call("dispense", "k", { volume: 250, rate: 5 }), never);
    expect(outcome).toEqual({ kind: "done", readings: { volume: 250, rate: 5 } });
    expect(transcript).toEqual([
      "> <CR>",
      "< <STX>00S<ETX>",
      "> CLDINF<CR>",
      "< <STX>00S<ETX>",
      "> PHN3<CR>",
      "< <STX>00S<ETX>",
      `> VOL${commandMark("k")}<CR>`,
      "< <STX>00S<ETX>",
      "> PHN1<CR>",
      "< <STX>00S<ETX>",
      "> DIRINF<CR>",
      "< <STX>00S<ETX>",
      "> RAT5.000MM<CR>",
      "< <STX>00S<ETX>",
      "> VOL0.250<CR>",
      "< <STX>00S<ETX>",
      "> RUN<CR>",
      "< <STX>00I<ETX>",
      "> <CR>",
      "< <STX>00I<ETX>",
      "> <CR>",
      "< <STX>00I<ETX>",
      "> <CR>",
      "< <STX>00S<ETX>",
      "> DIS<CR>",
      "< <STX>00SI0.250W0.000ML<ETX>",
    ]);
    expect(vial.volume()).toBeCloseTo(0.25, 9);
  });

  it("takes the time that the motor needs, about as long as it said", async () => {
    const { pump, clock } = await bench();
    const dispense = call("dispense", "k", { volume: 5000, rate: 10 });
    const before = clock.now();
    await pump.perform(dispense, never);
    expect(clock.now() - before).toBeGreaterThan(30_000);
    expect(Math.abs(clock.now() - before - pump.estimate(dispense))).toBeLessThan(300);
  });

  it("has nothing to do for a volume of 0, which the pump would take for a volume without end", async () => {
    const { pump, transcript } = await bench();
    transcript.length = 0;
    const outcome = await pump.perform(call("dispense", "k", { volume: 0.2 }), never);
    expect(outcome).toMatchObject({ kind: "done", readings: { volume: 0 } });
    expect(transcript).toEqual([]);
  });

  it("counts in µL with a narrow syringe", async () => {
    const { pump, transcript } = await bench({ diameter: 4.61, "syringe-volume": 1, rate: 0.5 });
    expect(await pump.perform(call("dispense", "k", { volume: 12.34 }), never)).toMatchObject({
      kind: "done",
      readings: { volume: 12.34 },
    });
    expect(transcript).toContain("> VOL12.34<CR>");
    expect(transcript.at(-1)).toBe("< <STX>00SI12.34W0.000UL<ETX>");
  });

  it("draws liquid out of the process", async () => {
    const { pump, vial } = await bench({}, { contents: 10 });
    await pump.perform(call("dispense", "a", { volume: 4000 }), never);
    const outcome = await pump.perform(call("withdraw", "b", { volume: 1500 }), never);
    expect(outcome).toMatchObject({ kind: "done", readings: { volume: 1500 } });
    expect(vial.volume()).toBeCloseTo(2.5, 6);
  });

  it("tells how much was moved when the motor stalls", async () => {
    const { pump, clock, twin } = await bench();
    const running = pump.perform(call("dispense", "k", { volume: 5000 }), never);
    await sleep(clock, 15_000);
    twin.stall();
    const outcome = await running;
    expect(outcome).toMatchObject({ kind: "failed", effect: "unknown", fault: { code: "instrument.alarm" } });
    expect(outcome.kind === "failed" && outcome.fault.message).toMatch(
      /stalled; 24\d\d uL of 5000 uL were moved/,
    );
  });

  it("stalls at the end of its syringe", async () => {
    const { pump } = await bench({}, { contents: 1 });
    const outcome = await pump.perform(call("dispense", "k", { volume: 2000 }), never);
    expect(outcome).toMatchObject({ kind: "failed", effect: "unknown" });
    expect(outcome.kind === "failed" && outcome.fault.message).toContain("1000 uL of 2000 uL were moved");
  });

  it("stops the motor when it is interrupted, and tells how much was moved", async () => {
    const { pump, clock, vial } = await bench();
    const stop = new AbortController();
    const running = pump.perform(call("dispense", "k", { volume: 5000 }), stop.signal);
    await sleep(clock, 9000);
    stop.abort(new Error("the operator stopped the campaign"));
    const outcome = await running;
    expect(outcome).toMatchObject({
      kind: "failed",
      effect: "unknown",
      fault: { code: "instrument.aborted" },
    });
    const after = vial.volume();
    await sleep(clock, 60_000);
    expect(vial.volume()).toBe(after);
  });

  it("never starts the motor after it was made safe", async () => {
    const { pump, clock, vial } = await bench();
    const running = pump.perform(call("dispense", "k", { volume: 5000 }), never);
    await sleep(clock, 30);
    const safe: SafeState = await pump.makeSafe(never);
    expect(safe).toEqual({ kind: "safe", state: { motor: "stopped", "infused uL": 0, "withdrawn uL": 0 } });
    expect(await running).toMatchObject({ kind: "failed", effect: "none" });
    await sleep(clock, 60_000);
    expect(vial.volume()).toBe(0);
  });

  it("is safe from a running motor, and again", async () => {
    const { pump, clock, vial } = await bench();
    const running = pump.perform(call("dispense", "k", { volume: 5000 }), never);
    await sleep(clock, 5000);
    expect(await pump.makeSafe(never)).toMatchObject({ kind: "safe" });
    expect(await pump.makeSafe(never)).toMatchObject({ kind: "safe" });
    await running;
    const after = vial.volume();
    await sleep(clock, 60_000);
    expect(vial.volume()).toBe(after);
  });

  it("reads its properties", async () => {
    const { pump } = await bench();
    await pump.perform(call("dispense", "k", { volume: 10, rate: 2.5 }), never);
    expect(await pump.read?.("rate", never)).toEqual({ kind: "value", value: 2.5 });
    expect(await pump.read?.("diameter", never)).toEqual({ kind: "value", value: 26.59 });
  });
});

describe("settling a dispense of the NE-1000", () => {
  const dispense = call("dispense", "second", { volume: 500 });

  it("is done when the pump's mark and counter say so", async () => {
    const { pump } = await bench();
    await pump.perform(dispense, never);
    expect(await pump.settle(dispense, never)).toMatchObject({ kind: "done", readings: { volume: 500 } });
  });

  it("is not done when the counter belongs to another command of the same volume", async () => {
    const { pump } = await bench();
    await pump.perform(call("dispense", "first", { volume: 500 }), never);
    expect(await pump.settle(dispense, never)).toEqual({ kind: "not done" });
  });

  it("is not done when the motor never started", async () => {
    const { pump, clock } = await bench();
    const running = pump.perform(dispense, never);
    await sleep(clock, 35);
    await pump.makeSafe(never);
    await running;
    expect(await pump.settle(dispense, never)).toEqual({ kind: "not done" });
  });

  it("waits for a motor that still runs", async () => {
    const { pump, clock } = await bench();
    const running = pump.perform(dispense, never);
    await sleep(clock, 1000);
    expect(await pump.settle(dispense, never)).toMatchObject({ kind: "done" });
    await running;
  });

  it("is unknown, with the volume, when it was stopped half-way", async () => {
    const { pump, clock, twin } = await bench();
    const running = pump.perform(dispense, never);
    await sleep(clock, 1600);
    twin.stall();
    await running;
    const settled = await pump.settle(dispense, never);
    expect(settled.kind === "unknown" && settled.why).toMatch(/moved 2\d\d uL of 500 uL/);
  });

  it("is unknown when the pump lost its power", async () => {
    const { pump, clock, twin } = await bench();
    const running = pump.perform(dispense, never);
    await sleep(clock, 1600);
    twin.powerCycle();
    expect(await running).toMatchObject({ kind: "failed", effect: "unknown" });
    expect(await pump.settle(dispense, never)).toMatchObject({ kind: "unknown" });
  });
});
