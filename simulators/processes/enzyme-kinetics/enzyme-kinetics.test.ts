import { openSimulation, type Simulation, sleep, VirtualClock } from "labloop/instrument";
import { describe, expect, it } from "vitest";
import { driver } from "../../../drivers/sparks-baird/clslab-light/index.ts";
import { simulator } from "../../instruments/sparks-baird/clslab-light/index.ts";
import { type EnzymeKinetics, process, reactionRate } from "./index.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

/** The documented procedure: v in mM/s at S and I in mM. */
async function measure(substrate: number, inhibitor: number): Promise<number> {
  const clock = new VirtualClock(0, turn);
  const opened = openSimulation({ clock, seed: 7, process, settings: {} });
  if (opened.kind === "refused") throw new Error(opened.faults[0]?.message);
  const { simulation } = opened;
  const connected = await simulation.connect({
    name: "sensor",
    driver,
    simulator,
    settings: { node: "n1", blue: 30 },
    twin: {},
    signal: never,
    note: () => undefined,
  });
  if (connected.kind === "failed") throw new Error(connected.fault.message);
  const buffer = 4.5 - substrate - 5 * inhibitor;
  await dose(clock, simulation, { substrate, inhibitor: 5 * inhibitor, buffer }, 10);
  await dose(clock, simulation, { enzyme: 0.5 }, 1.5);
  await sleep(clock, 5000);
  const call = { action: "follow", key: "k", arguments: { interval: 10 } };
  const outcome = await connected.instrument.perform(call, never);
  await connected.instrument.close();
  await simulation.close();
  if (outcome.kind === "failed") throw new Error(outcome.fault.message);
  return (outcome.readings["change470"] as number) / 3.4;
}

async function dose(
  clock: VirtualClock,
  { process }: Simulation<EnzymeKinetics>,
  volumes: Readonly<Record<string, number>>,
  seconds: number,
): Promise<void> {
  const set = (scale: number): void => {
    for (const [name, volume] of Object.entries(volumes)) {
      const port = process.ports[name];
      if (port?.kind === "flow") port.setFlow((scale * volume) / seconds);
    }
  };
  set(1);
  await sleep(clock, seconds * 1000);
  set(0);
}

describe("the enzyme in a cuvette", () => {
  it.each([
    [2, 0],
    [1, 0.2],
    [0.5, 0.05],
  ])(
    "gives its rate at %d mM of substrate and %d mM of inhibitor by the documented procedure",
    async (s, i) => {
      const measured = await measure(s, i);
      // 0.5 mL of enzyme in 5 mL. 8 %: shot noise of two readings is 3 % of the change at these rates, and up to
      // 5 % of the substrate is gone before the second one.
      expect(Math.abs(measured / reactionRate(s, i, 0.1) - 1)).toBeLessThan(0.08);
    },
  );

  it("is competed by the inhibitor as the law says", () => {
    // I = Ki doubles the apparent Km.
    expect(reactionRate(0.7, 0.05, 1)).toBeCloseTo(0.02, 12);
    expect(reactionRate(0.35, 0, 1)).toBeCloseTo(0.02, 12);
  });
});
