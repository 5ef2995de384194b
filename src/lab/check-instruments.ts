import type { Fault } from "../base/fault.ts";
import type { Identity } from "../instrument/index.ts";
import type { LabDescription } from "./lab-description.ts";
import { openRealLab, openSimulatedLab } from "./open-lab.ts";
import { SystemClock } from "./system-clock.ts";

/** What one instrument answered. */
export type InstrumentCheck =
  | { readonly kind: "answers"; readonly name: string; readonly identity: Identity }
  | { readonly kind: "failed"; readonly name: string; readonly fault: Fault };

/** What instruments are asked with. */
export interface CheckOptions {
  readonly lab: LabDescription;
  readonly simulated: boolean;
  readonly signal: AbortSignal;
  note(text: string): void;
}

/** Connects the instruments of a lab one after the other, lets each identify and test itself; nothing moves. */
export async function* checkInstruments(options: CheckOptions): AsyncGenerator<InstrumentCheck> {
  for (const name of Object.keys(options.lab.instruments)) yield await checkOne(name, options);
}

async function checkOne(
  name: string,
  { lab, simulated, signal, note }: CheckOptions,
): Promise<InstrumentCheck> {
  const open = simulated ? openSimulatedLab : openRealLab;
  const opened = await open({
    lab,
    roles: { [name]: name },
    clock: new SystemClock(),
    seed: 1,
    signal,
    note,
  });
  if (opened.kind === "failed") return { kind: "failed", name, fault: opened.fault };
  try {
    const instrument = opened.instruments[name];
    const check = await instrument?.check(signal);
    if (check?.kind === "failed") return { kind: "failed", name, fault: check.fault };
    return { kind: "answers", name, identity: instrument?.identity ?? { model: "unknown" } };
  } finally {
    await opened.close();
  }
}
