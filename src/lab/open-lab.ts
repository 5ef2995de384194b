import type { Clock } from "../base/clock.ts";
import type { Fault } from "../base/fault.ts";
import { connectInstrument, type Instrument, openSimulation } from "../instrument/index.ts";
import { type LabDescription, type LabInstrument, loadSimulators } from "./lab-description.ts";

/** Connected instruments by role, or the first reason why there are none. */
export type OpenedLab =
  | {
      readonly kind: "open";
      readonly instruments: Readonly<Record<string, Instrument>>;
      close(): Promise<void>;
    }
  | { readonly kind: "failed"; readonly fault: Fault };

/** What a lab is opened with. */
export interface OpenLabOptions {
  readonly lab: LabDescription;
  /** Instrument of the lab for each role. */
  readonly roles: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly seed: number;
  readonly signal: AbortSignal;
  note(text: string): void;
}

/** Opens the simulated lab: every instrument's twin, at the other end of its line. */
export async function openSimulatedLab(options: OpenLabOptions): Promise<OpenedLab> {
  const { lab, clock, seed, signal } = options;
  const names = [...new Set(Object.values(options.roles))];
  const loaded = await loadSimulators(lab, names);
  if (loaded.kind === "failed") return loaded;
  const opened = openSimulation({
    clock,
    seed,
    process: loaded.process,
    settings: lab.process?.settings ?? {},
  });
  if (opened.kind === "refused") return { kind: "failed", fault: opened.faults[0] as Fault };
  const { simulation } = opened;
  const byName: Record<string, Instrument> = {};
  for (const name of names) {
    const instrument = lab.instruments[name];
    const simulator = loaded.simulators[name];
    if (instrument === undefined || simulator === undefined) continue;
    const connected = await simulation.connect({
      name,
      driver: instrument.driver,
      simulator,
      settings: instrument.settings,
      twin: instrument.simulated,
      signal,
      note: (text) => options.note(text),
    });
    if (connected.kind === "failed") {
      await simulation.close();
      return connected;
    }
    byName[name] = connected.instrument;
  }
  return {
    kind: "open",
    instruments: byRole(options.roles, byName),
    close: async () => {
      await Promise.all(Object.values(byName).map((instrument) => instrument.close()));
      await simulation.close();
    },
  };
}

/** Opens the real lab: every instrument is connected, identified and tested before anything moves. */
export async function openRealLab(options: OpenLabOptions): Promise<OpenedLab> {
  const byName: Record<string, Instrument> = {};
  const close = async (): Promise<void> => {
    await Promise.all(Object.values(byName).map((instrument) => instrument.close()));
  };
  for (const name of new Set(Object.values(options.roles))) {
    const described = options.lab.instruments[name];
    if (described === undefined) continue;
    const connected = await connectReal(described, options);
    if (connected.kind === "failed") {
      await close();
      return connected;
    }
    byName[name] = connected.instrument;
    const check = await connected.instrument.check(options.signal);
    if (check.kind === "failed") {
      await close();
      return check;
    }
  }
  return { kind: "open", instruments: byRole(options.roles, byName), close };
}

async function connectReal(
  described: LabInstrument,
  { lab, clock, signal, note }: OpenLabOptions,
): Promise<{ kind: "connected"; instrument: Instrument } | { kind: "failed"; fault: Fault }> {
  const { name, driver, settings } = described;
  if (driver.declaration.verified === "emulator only") {
    note(`${name}: the driver ${driver.declaration.id} was tried with a simulated instrument only`);
  }
  if (described.connect === undefined) {
    return {
      kind: "failed",
      fault: {
        code: "lab.not-connected",
        message: `${lab.file} doesn't say where ${name} is plugged in`,
        advice: `add \`connect: {serial: …}\` or \`connect: {mqtt: …}\` to ${name}, or run with --simulate`,
      },
    };
  }
  const connection =
    "serial" in described.connect
      ? ({ kind: "serial", path: described.connect.serial } as const)
      : ({ kind: "mqtt", url: described.connect.mqtt } as const);
  return connectInstrument({
    name,
    driver,
    settings: settings,
    connection,
    clock,
    signal,
    note,
  });
}

function byRole(
  roles: Readonly<Record<string, string>>,
  byName: Readonly<Record<string, Instrument>>,
): Record<string, Instrument> {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([role, name]) => {
      const instrument = byName[name];
      return instrument === undefined ? [] : [[role, instrument]];
    }),
  );
}
