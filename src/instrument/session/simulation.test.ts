import { describe, expect, it } from "vitest";
import { driver as pumpDriver } from "../../../drivers/new-era/ne-1000/index.ts";
import { driver as sensorDriver } from "../../../drivers/sparks-baird/clslab-light/index.ts";
import { simulator as pumpTwin } from "../../../simulators/instruments/new-era/ne-1000/index.ts";
import { simulator as sensorTwin } from "../../../simulators/instruments/sparks-baird/clslab-light/index.ts";
import { process } from "../../../simulators/processes/colour-mixing/index.ts";
import { sleep } from "../../base/clock.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { recorded } from "../testing/recorded.ts";
import { openSimulation, type Simulation } from "./simulation.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const DYES = ["cyan", "magenta", "yellow"];

function open(clock: VirtualClock, seed: number): Simulation {
  const opened = openSimulation({ clock, seed, process, settings: {} });
  if (opened.kind === "refused") throw new Error(opened.faults[0]?.message);
  return opened.simulation;
}

/** Mixes three dyes at once, reads the colour three times and empties the vial; everything that was seen. */
async function experiment(seed: number): Promise<string[]> {
  const clock = new VirtualClock(0, turn);
  const simulation = open(clock, seed);
  const seen: string[] = [];
  const common = { signal: never, note: () => undefined };
  const connectPump = async (port: string) => {
    const connected = await simulation.connect({
      ...common,
      name: port,
      driver: pumpDriver,
      simulator: pumpTwin,
      settings: { diameter: 26.59, "syringe-volume": 60, rate: 20 },
      twin: { port, contents: 30 },
      between: (stream) =>
        recorded(stream, (from, bytes) => seen.push(`${clock.now()} ${port} ${from} ${bytes}`)),
    });
    if (connected.kind === "failed") throw new Error(connected.fault.message);
    return connected.instrument;
  };
  const pumps = await Promise.all(DYES.map(connectPump));
  const waste = await connectPump("waste");
  const sensor = await simulation.connect({
    ...common,
    name: "sensor",
    driver: sensorDriver,
    simulator: sensorTwin,
    settings: { node: "n1" },
    twin: {},
  });
  if (sensor.kind === "failed") throw new Error(sensor.fault.message);
  const dispense = (volume: number, i: number) => ({
    action: "dispense",
    key: `d${i}`,
    arguments: { volume },
  });
  await Promise.all(pumps.map((pump, i) => pump.perform(dispense(900 + 100 * i, i), never)));
  await sleep(clock, 10_000);
  for (let i = 0; i < 3; i++) {
    const outcome = await sensor.instrument.perform({ action: "read", key: `r${i}`, arguments: {} }, never);
    seen.push(`${clock.now()} ${JSON.stringify(outcome)}`);
  }
  await waste.perform({ action: "withdraw", key: "w", arguments: { volume: 2500 } }, never);
  for (const instrument of [...pumps, waste, sensor.instrument]) await instrument.close();
  await simulation.close();
  return seen;
}

describe("a simulated lab", () => {
  it("gives the same bytes, readings and times for the same seed", async () => {
    const [first, second] = [await experiment(1), await experiment(1)];
    expect(first.length).toBeGreaterThan(100);
    expect(second).toEqual(first);
  });

  it("gives other readings for another seed", async () => {
    expect(await experiment(2)).not.toEqual(await experiment(1));
  });

  it("says which settings are wrong, of the process and of an instrument", async () => {
    const clock = new VirtualClock(0, turn);
    const settings = { capacty: 20 };
    expect(openSimulation({ clock, seed: 1, process, settings })).toMatchObject({
      kind: "refused",
      faults: [{ code: "instrument.unknown-setting", advice: 'did you mean "capacity"?' }],
    });
    const simulation = open(clock, 1);
    const request = {
      name: "p",
      driver: pumpDriver,
      simulator: pumpTwin,
      signal: never,
      note: () => undefined,
    };
    expect(await simulation.connect({ ...request, settings: { diameter: 90 }, twin: {} })).toMatchObject({
      kind: "failed",
      fault: { message: expect.stringMatching(/diameter.* at most 50 mm.*syringe-volume/) },
    });
  });

  it("doesn't join a driver with the twin of another transport", async () => {
    const simulation = open(new VirtualClock(0, turn), 1);
    const connected = await simulation.connect({
      name: "p",
      driver: pumpDriver,
      simulator: sensorTwin,
      settings: { diameter: 20, "syringe-volume": 10 },
      twin: { node: "n1" },
      signal: never,
      note: () => undefined,
    });
    expect(connected).toMatchObject({ kind: "failed", fault: { code: "instrument.other-transport" } });
  });
});
