import { type Fault, nearestName } from "../base/fault.ts";
import { parseQuantity } from "../base/quantity.ts";
import { fromSi, sameDimension, tidy, toSi, unitOf } from "../base/unit.ts";
import { FaultCollector } from "../campaign/compile/faults.ts";
import type { InstrumentCatalogue } from "../campaign/compile/instrument-catalogue.ts";
import type { LabResources } from "../campaign/compile/lab-resources.ts";
import type { SourceFile } from "../campaign/file/source-file.ts";
import {
  type AnyDriver,
  type AnySimulator,
  type Declaration,
  declarationFor,
  type GivenSettings,
  NO_PROCESS,
  type NumberArgument,
  narrowed,
  type ProcessDefinition,
  readSettings,
  type Settings,
} from "../instrument/index.ts";
import type { AlarmPolicy } from "./alarm/policy.ts";
import { readAlarms } from "./alarm/read-alarms.ts";
import { checkBrokerSession } from "./broker-session.ts";
import { checkSimulation } from "./check-simulation.ts";
import { loadDriver, loadProcess, loadSimulator } from "./driver-registry.ts";
import type { Interlock } from "./interlock/interlock.ts";
import { readInterlocks } from "./interlock/read-interlocks.ts";
import { readSafeProcedures, type SafeProcedures } from "./interlock/safe-procedure.ts";
import { quantities } from "./lab-quantities.ts";
import type { WrittenInstrument, WrittenLab } from "./lab-schema.ts";
import { labTime, USUAL_START } from "./lab-time.ts";
import type { NotifyPolicy } from "./notify/notify-policy.ts";
import { readNotify } from "./notify/read-notify.ts";
import type { Roles } from "./question/may-answer.ts";
import { readFaults } from "./read-faults.ts";
import { readResources } from "./resource/read-resources.ts";
import { type NamedInstrument, readRules } from "./safety/read-rules.ts";
import type { SafetyRules } from "./safety/rules.ts";
import type { ScheduledFault } from "./scheduled-faults.ts";
import { readSupplies, type Supply } from "./stock/supply.ts";
import { readWatchdog } from "./watchdog/read-watchdog.ts";
import { type LabWindows, readLabWindows } from "./window/lab-windows.ts";

/** One instrument of a lab, ready to be connected or simulated. */
export interface LabInstrument {
  readonly name: string;
  readonly driver: AnyDriver;
  /** With the limits of its settings and of the lab file. */
  readonly declaration: Declaration;
  readonly settings: Settings;
  readonly connect: WrittenInstrument["connect"];
  readonly expect: WrittenInstrument["expect"];
  readonly simulated: GivenSettings;
  /** Id of the driver, which its simulator shares. */
  readonly driverName: string;
}

/** A lab file that was read and checked in full. */
export interface LabDescription {
  readonly name: string;
  readonly file: string;
  readonly zone: string;
  /** Milliseconds since 1970 at which a simulated campaign begins. */
  readonly start: number;
  readonly instruments: Readonly<Record<string, LabInstrument>>;
  readonly catalogue: InstrumentCatalogue;
  readonly process: { readonly name: string; readonly settings: GivenSettings } | undefined;
  /** What goes wrong in a rehearsal, and when. */
  readonly faults: readonly ScheduledFault[];
  readonly interlocks: readonly Interlock[];
  readonly safeProcedures: SafeProcedures;
  readonly alarms: AlarmPolicy;
  /** Rules of safety that every campaign keeps. */
  readonly rules: SafetyRules;
  /** Reagents and waste containers, counted over all campaigns. */
  readonly supplies: readonly Supply[];
  /** What experiments that are under way at the same time share. */
  readonly resources: LabResources;
  /** Milliseconds of silence after which a watchdog makes a lab safe that is driven live; undefined for no watchdog. */
  readonly watchdog: number | undefined;
  /** When the lab may be used. */
  readonly windows: LabWindows;
  /** Who may be named where a question says who answers: people and roles. */
  readonly people: readonly string[];
  /** Who has which role. */
  readonly roles: Roles;
  /** Who is told of what. */
  readonly notify: NotifyPolicy;
}

/** A lab, or everything that is wrong with its file. */
export type DescribedLab =
  | { readonly kind: "lab"; readonly lab: LabDescription }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/**
 * Checks a lab file against the drivers that it names.
 *
 * @param read - gives the text of another file that it names
 */
export async function describeLab(
  source: SourceFile,
  file: WrittenLab,
  read: (file: string) => Promise<string>,
): Promise<DescribedLab> {
  const faults = new FaultCollector(source);
  const zone = file.simulation?.zone ?? "UTC";
  const start = labTime(file.simulation?.start ?? USUAL_START, zone);
  if (labTime(USUAL_START, zone) === undefined) {
    const near = nearestName(zone, Intl.supportedValuesOf("timeZone"));
    faults.add(
      "lab.bad-time",
      ["simulation", "zone"],
      `"${zone}" is no time zone`,
      near === undefined ? "write a zone such as Europe/Berlin" : `did you mean "${near}"?`,
    );
  } else if (start === undefined) {
    faults.add(
      "lab.bad-time",
      ["simulation", "start"],
      `"${file.simulation?.start}" is no time`,
      "write a time such as 2030-01-01 18:00",
    );
  }
  const instruments: Record<string, LabInstrument> = {};
  for (const [name, written] of Object.entries(file.instruments)) {
    const described = await describeInstrument(faults, source, name, written);
    if (described !== undefined) instruments[name] = described;
  }
  await checkSimulation(faults, source.file, file, instruments);
  const beginning = { zone, start: start ?? 0, instruments };
  const scheduledFaults = await readFaults(faults, source.file, file, beginning);
  const interlocks = readInterlocks(faults, file, instruments);
  const safeProcedures = readSafeProcedures(faults, file, instruments);
  const alarms = readAlarms(faults, file, instruments);
  const named = { faults, source, file, instruments: byTheirNames(instruments), values: new Map() };
  const rules = readRules(named);
  const supplies = readSupplies(named);
  const resources = readResources(faults, file);
  const watchdog = readWatchdog(faults, file);
  const windows = await readLabWindows(faults, file, read);
  const notify = readNotify(faults, file, windows.zone);
  if (faults.faults.length > 0 || start === undefined) return { kind: "faults", faults: faults.faults };
  const catalogue = Object.fromEntries(
    Object.entries(instruments).map(([name, { declaration }]) => [name, declaration]),
  );
  const { process, settings } = file.simulation ?? {};
  return {
    kind: "lab",
    lab: {
      name: file.name,
      file: source.file,
      zone: windows.zone,
      start,
      instruments,
      catalogue,
      faults: scheduledFaults,
      interlocks,
      safeProcedures,
      alarms,
      rules,
      supplies,
      resources,
      watchdog,
      windows,
      notify,
      people: [
        ...Object.keys(file.people?.roles ?? {}),
        ...Object.values(file.people?.roles ?? {}).flat(),
        ...Object.keys(notify.people),
      ],
      roles: file.people?.roles ?? {},
      process: process === undefined ? undefined : { name: process, settings: quantities(settings) },
    },
  };
}

/** Instruments by their own names, as rules of safety speak of them. */
export function byTheirNames(
  instruments: Readonly<Record<string, LabInstrument>>,
): Record<string, NamedInstrument> {
  return Object.fromEntries(
    Object.entries(instruments).map(([name, { declaration }]) => [name, { instrument: name, declaration }]),
  );
}

async function describeInstrument(
  faults: FaultCollector,
  source: SourceFile,
  name: string,
  written: WrittenInstrument,
): Promise<LabInstrument | undefined> {
  const path = ["instruments", name];
  const loaded = await loadDriver(written.driver, source.file);
  if (loaded.kind === "failed") {
    faults.add(loaded.fault.code, [...path, "driver"], loaded.fault.message, loaded.fault.advice);
    return undefined;
  }
  const driver = loaded.value;
  const settings = readSettings(name, driver.declaration.settings, quantities(written.settings));
  if (settings.kind === "refused") {
    for (const fault of settings.faults)
      faults.add(fault.code, [...path, "settings"], fault.message, fault.advice);
    return undefined;
  }
  checkBrokerSession(faults, [...path, "connect"], written.connect);
  const declaration = withLimits(
    faults,
    path,
    declarationFor(driver, settings.settings),
    written.limits ?? {},
  );
  return {
    name,
    driver,
    declaration,
    settings: settings.settings,
    connect: written.connect,
    expect: written.expect,
    simulated: quantities(written.simulated),
    driverName: written.driver,
  };
}

/** Narrows arguments to the lab's own limits; a limit that the instrument can't reach is a fault. */
function withLimits(
  faults: FaultCollector,
  path: readonly string[],
  declaration: Declaration,
  limits: NonNullable<WrittenInstrument["limits"]>,
): Declaration {
  let limited = declaration;
  for (const [key, limit] of Object.entries(limits)) {
    const [actionName = "", argumentName = ""] = key.split(".");
    const action = limited.actions[actionName];
    const argument = action?.arguments[argumentName];
    if (action === undefined || argument?.kind !== "number") {
      const known = Object.entries(declaration.actions).flatMap(([each, { arguments: all }]) =>
        Object.keys(all).map((one) => `${each}.${one}`),
      );
      const near = nearestName(key, known);
      faults.add(
        "lab.no-such-limit",
        [...path, "limits", key],
        `"${key}" is no argument of ${declaration.title}`,
        near === undefined ? `its arguments: ${known.join(", ")}` : `did you mean "${near}"?`,
      );
      continue;
    }
    limited = narrowed(limited, {
      [key]: narrowArgument(faults, [...path, "limits", key], argument, limit),
    });
  }
  return limited;
}

function narrowArgument(
  faults: FaultCollector,
  path: readonly string[],
  argument: NumberArgument,
  limit: { readonly min?: string | number; readonly max?: string | number },
): NumberArgument {
  const unit = unitOf(argument.unit);
  const read = (key: "min" | "max"): number | undefined => {
    const written = limit[key];
    if (written === undefined) return undefined;
    const quantity = parseQuantity(written);
    if (quantity.kind === "problem" || !sameDimension(quantity.unit.dimension, unit.dimension)) {
      faults.add(
        "lab.bad-limit",
        [...path, key],
        quantity.kind === "problem"
          ? quantity.message
          : `"${written}" has another dimension than ${argument.unit}`,
      );
      return undefined;
    }
    const value = tidy(fromSi(toSi(quantity.value, quantity.unit), unit));
    const { minimum = -Infinity, maximum = Infinity } = argument;
    if (value < minimum || value > maximum) {
      faults.add(
        "lab.out-of-reach",
        [...path, key],
        `the limit ${written} is out of the instrument's reach, ${minimum} … ${maximum} ${argument.unit}`,
        "set a limit that the instrument can reach",
      );
    }
    return value;
  };
  const minimum = read("min") ?? argument.minimum;
  const maximum = read("max") ?? argument.maximum;
  return {
    ...argument,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

/** What a simulated lab needs besides its description. */
export type SimulatorsLoaded =
  | {
      readonly kind: "loaded";
      readonly process: ProcessDefinition;
      readonly simulators: Readonly<Record<string, AnySimulator>>;
    }
  | { readonly kind: "failed"; readonly fault: Fault };

/**
 * Loads the process and the simulated instruments of a lab.
 *
 * @param instead - of a process that the lab doesn't name, where instruments without a simulator are left out; without it they
 *   are a fault
 */
export async function loadSimulators(
  lab: LabDescription,
  names: readonly string[],
  instead?: ProcessDefinition,
): Promise<SimulatorsLoaded> {
  const process =
    lab.process === undefined
      ? ({ kind: "loaded", value: instead ?? NO_PROCESS } as const)
      : await loadProcess(lab.process.name, lab.file);
  if (process.kind === "failed") return process;
  const simulators: Record<string, AnySimulator> = {};
  for (const name of names) {
    const instrument = lab.instruments[name];
    if (instrument === undefined) continue;
    const loaded = await loadSimulator(instrument.driverName, lab.file);
    if (loaded.kind === "loaded") simulators[name] = loaded.value;
    else if (instead === undefined || loaded.absent !== true) return loaded;
  }
  return { kind: "loaded", process: process.value, simulators };
}
