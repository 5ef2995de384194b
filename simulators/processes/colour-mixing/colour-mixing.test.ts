import { readSettings, type SimulatedProcess, sleep, VirtualClock } from "labloop/instrument";
import { describe, expect, it } from "vitest";
import { COLOUR_MIXING_TRUTH, type ColourMixing, process } from "./index.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function create(clock: VirtualClock): ColourMixing {
  const read = readSettings("the vial", process.settings, {});
  if (read.kind === "refused") throw new Error(read.faults[0]?.message);
  const random = (): never => {
    throw new Error("this process has no randomness");
  };
  return process.create({ clock, random, settings: read.settings });
}

/** Pumps mL through a port in 10 s. */
async function pump(
  clock: VirtualClock,
  vial: SimulatedProcess,
  name: string,
  volume: number,
): Promise<void> {
  const port = vial.ports[name];
  if (port?.kind !== "flow") throw new Error(`no port ${name}`);
  port.setFlow(volume / 10);
  await sleep(clock, 10_000);
  port.setFlow(0);
}

describe("the vial in which colours are mixed", () => {
  it("mixes by volume, and shows it after the stirring", async () => {
    const clock = new VirtualClock(0, turn);
    const vial = create(clock);
    await pump(clock, vial, "cyan", 1);
    await pump(clock, vial, "water", 3);
    await sleep(clock, 60_000);
    expect(vial.volume()).toBeCloseTo(4, 9);
    expect(vial.shares()[0]).toBeCloseTo(0.25, 9);
  });

  it("lets light through as Beer and Lambert say", async () => {
    const clock = new VirtualClock(0, turn);
    const vial = create(clock);
    await pump(clock, vial, "cyan", 1);
    await pump(clock, vial, "water", 3);
    await sleep(clock, 60_000);
    const light = vial.ports["vial"];
    const { peak, absorbance } = COLOUR_MIXING_TRUTH.cyan;
    const expected = 10 ** (-absorbance / 4);
    expect(light?.kind === "light" && light.transmittance(peak)).toBeCloseTo(expected, 9);
  });

  it("follows a change with the time constant of the stirring", async () => {
    const clock = new VirtualClock(0, turn);
    const vial = create(clock);
    await pump(clock, vial, "water", 1);
    await sleep(clock, 60_000);
    const port = vial.ports["cyan"];
    if (port?.kind !== "flow") throw new Error("no port cyan");
    // 1 mL in a millisecond: a step from 0 to a half.
    port.setFlow(1000);
    await sleep(clock, 1);
    port.setFlow(0);
    await sleep(clock, 2000);
    expect(vial.shares()[0]).toBeCloseTo(0.5 * (1 - Math.exp(-1)), 3);
  });

  it("keeps a residual that no outlet reaches, which carries over", async () => {
    const clock = new VirtualClock(0, turn);
    const vial = create(clock);
    await pump(clock, vial, "cyan", 2);
    await pump(clock, vial, "waste", -5);
    expect(vial.volume()).toBeCloseTo(0.2, 9);
    expect(vial.facts().map((fact) => fact.text)).toEqual(["waste drew air: the vessel is empty"]);
    await pump(clock, vial, "water", 1.8);
    await sleep(clock, 60_000);
    expect(vial.shares()[0]).toBeCloseTo(0.1, 9);
  });

  it("runs over, and says so", async () => {
    const clock = new VirtualClock(0, turn);
    const vial = create(clock);
    await pump(clock, vial, "water", 25);
    expect(vial.volume()).toBe(20);
    expect(vial.facts().map((fact) => fact.text)).toEqual(["the vessel ran over its 20 mL"]);
  });
});
