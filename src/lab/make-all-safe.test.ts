import { describe, expect, it } from "vitest";
import { benchInstrument } from "../../bench/loop/instant-lab.ts";
import { sleep } from "../base/clock.ts";
import type { Instrument, SafeState } from "../instrument/index.ts";
import { makeAllSafe, SAFE_WITHIN } from "./make-all-safe.ts";
import { virtualTime } from "./virtual-time.ts";

const START = Date.UTC(2030, 0, 1, 18);

function instrument(makeSafe: (signal: AbortSignal) => Promise<SafeState>): Instrument {
  return { ...benchInstrument(), makeSafe };
}

const off: SafeState = { kind: "safe", state: { heater: "off" } };

describe("instruments that are made safe", () => {
  it("are told all at once: one that is silent delays no other, and its time is stated", async () => {
    const clock = virtualTime(START);
    const told: number[] = [];
    const heater = instrument(async () => {
      told.push(clock.now() - START);
      return off;
    });
    const silent = instrument(() => new Promise(() => {}));
    const made = await makeAllSafe({ silent, heater, other: heater }, clock);
    expect(told).toEqual([0, 0]);
    expect(made.safe).toEqual({ heater: "heater off", other: "heater off" });
    expect(made.unknown["silent"]?.message).toBe("silent didn't reach its safe state within 10 s");
    expect(clock.now() - START).toBe(SAFE_WITHIN);
  });

  it("take no longer than the slowest", async () => {
    const clock = virtualTime(START);
    const slow = (milliseconds: number): Instrument =>
      instrument(async (signal) => {
        await sleep(clock, milliseconds, signal);
        return off;
      });
    const made = await makeAllSafe({ a: slow(3000), b: slow(4000), c: slow(1000) }, clock);
    expect(Object.keys(made.safe).sort()).toEqual(["a", "b", "c"]);
    expect(clock.now() - START).toBe(4000);
  });

  it("are unknown when the driver throws", async () => {
    const broken = instrument(async () => {
      throw new Error("no line");
    });
    const made = await makeAllSafe({ broken }, virtualTime(START));
    expect(made.unknown["broken"]?.message).toBe("broken can't be made safe: no line");
  });
});
