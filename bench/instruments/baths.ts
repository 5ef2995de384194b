import { driver } from "labloop/drivers/julabo/circulator";
import {
  type Clock,
  type Instrument,
  NO_PROCESS,
  openSimulation,
  type TwinRequest,
} from "labloop/instrument";
import { simulator } from "labloop/simulators/instruments/julabo/circulator";

/** A line that takes no time, so that the computer alone is measured. */
const LINE = { baudRate: 10_000_000, dataBits: 8, parity: "none", stopBits: 1 } as const;

/** 64 circulators with their twins. */
export async function baths(clock: Clock, more: Partial<TwinRequest> = {}): Promise<Instrument[]> {
  const opened = openSimulation({ clock, seed: 1, process: NO_PROCESS, settings: {} });
  if (opened.kind === "refused") throw new Error("no simulation");
  return Promise.all(
    Array.from({ length: 64 }, async (_, i) => {
      const connected = await opened.simulation.connect({
        name: `bath ${i}`,
        driver: { ...driver, declaration: { ...driver.declaration, line: LINE } },
        simulator,
        settings: {},
        twin: {},
        signal: new AbortController().signal,
        note: () => undefined,
        ...more,
      });
      if (connected.kind === "failed") throw new Error(connected.fault.message);
      return connected.instrument;
    }),
  );
}
