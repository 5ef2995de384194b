import {
  driverContract,
  dropping,
  garbling,
  openSimulation,
  toBytes,
  VirtualClock,
  withFaults,
} from "labloop/instrument";
import { describe, expect, it } from "vitest";
import { simulator } from "../../../simulators/instruments/new-era/ne-1000/index.ts";
import { process } from "../../../simulators/processes/colour-mixing/index.ts";
import { driver } from "./index.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the driver for the NE-1000, as every driver", () => {
  const cases = driverContract(() => {
    const clock = new VirtualClock(0, turn);
    const settings = { diameter: 26.59, "syringe-volume": 60 };
    let state: "well" | "silent" | "garbled" = "well";
    return {
      driver,
      settings,
      clock,
      silence: () => {
        state = "silent";
      },
      garble: () => {
        state = "garbled";
      },
      examples: {
        dispense: { volume: 2000, rate: 10 },
        withdraw: { volume: 1000, rate: 10 },
        stop: {},
        dispensed: {},
      },
      connect: async () => {
        const opened = openSimulation({ clock, seed: 1, process, settings: {} });
        if (opened.kind === "refused") throw new Error(opened.faults[0]?.message);
        const connected = await opened.simulation.connect({
          name: "pump",
          driver,
          simulator,
          settings,
          twin: { port: "cyan", contents: 30 },
          signal: new AbortController().signal,
          note: () => undefined,
          between: (stream) =>
            withFaults(
              stream,
              dropping(() => state === "silent"),
              garbling(
                () => toBytes("\x02\xf0\x99\x03"),
                () => state === "garbled",
              ),
            ),
        });
        if (connected.kind === "failed") throw new Error(connected.fault.message);
        return connected.instrument;
      },
    };
  });
  it.each(cases)("$name", async (kept) => {
    await expect(kept.run()).resolves.toBeUndefined();
  });
});
