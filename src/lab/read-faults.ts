import { convert, convertDifference, parseQuantity } from "../base/quantity.ts";
import { suggest } from "../base/suggest.ts";
import type { FaultCollector } from "../campaign/compile/faults.ts";
import { type AnySimulator, type Declaration, twinTroublesOf } from "../instrument/index.ts";
import { LINE_TROUBLES } from "../instrument/testing/line-troubles.ts";
import { TOPIC_TROUBLES } from "../instrument/testing/topic-troubles.ts";
import { loadSimulator } from "./driver-registry.ts";
import type { WrittenFault, WrittenLab } from "./lab-schema.ts";
import { labTime, timeOfDay } from "./lab-time.ts";
import type { ScheduledFault } from "./scheduled-faults.ts";

/** When a simulated campaign begins, and where. */
interface Beginning {
  readonly start: number;
  readonly zone: string;
}

/** What is needed of an instrument to tell what can go wrong with it. */
interface Described {
  readonly driverName: string;
  readonly declaration: Declaration;
}

/** K in the first hour by which something overheats unless the file says otherwise: 5 K/min. */
const USUAL_HEATING = 300;

/** Reads what is to go wrong in a rehearsal. */
export async function readFaults(
  faults: FaultCollector,
  labFile: string,
  file: WrittenLab,
  { instruments, ...beginning }: Beginning & { readonly instruments: Readonly<Record<string, Described>> },
): Promise<ScheduledFault[]> {
  const read: ScheduledFault[] = [];
  for (const [i, written] of (file.simulation?.faults ?? []).entries()) {
    const at: FaultPlace = { faults, path: ["simulation", "faults", i] };
    const when = readTimes(at, written, beginning);
    const what = await readWhat(at, labFile, written, { names: Object.keys(file.instruments), instruments });
    if (when !== undefined && what !== undefined)
      read.push({ instrument: written.instrument, fault: written.fault, ...when, ...what });
  }
  return read;
}

/** Where a fault is written, and who is told what is wrong with it. */
interface FaultPlace {
  readonly faults: FaultCollector;
  readonly path: readonly (string | number)[];
}

function readTimes(
  { faults, path }: FaultPlace,
  written: WrittenFault,
  beginning: Beginning,
): Pick<ScheduledFault, "after" | "lasts"> | undefined {
  const bad = (key: "at" | "for", why: string, advice: string): undefined => {
    faults.add("lab.bad-time", [...path, key], `"${written[key]}" ${why}`, advice);
  };
  const usual = written.fault === "power" ? 0 : Number.POSITIVE_INFINITY;
  const after = delayOf(written.at, beginning);
  const lasts = written.for === undefined ? usual : duration(String(written.for));
  if (after === undefined) bad("at", "is no time", 'write "02:10", or "3 h" after the start');
  else if (after < 0) bad("at", "lies before the start", "write a time after the start of the campaign");
  if (lasts === undefined) bad("for", "is no time", 'write how long it lasts, such as "5 min"');
  else if (written.for !== undefined && lasts <= 0)
    bad("for", "is no time that passes", 'write how long it lasts, such as "5 min"');
  return after === undefined || lasts === undefined ? undefined : { after, lasts };
}

/** Milliseconds after the start; a time of day is the first after it, a duration counts from it. */
function delayOf(text: string, { start, zone }: Beginning): number | undefined {
  if (/^\d{1,2}:\d{2}$/.test(text)) {
    const moment = timeOfDay(text, { after: start, zone });
    return moment === undefined ? undefined : moment - start;
  }
  const date = labTime(text, zone);
  return date === undefined ? duration(text) : date - start;
}

/** Milliseconds. */
function duration(text: string): number | undefined {
  const parsed = parseQuantity(text);
  if (parsed.kind !== "quantity") return undefined;
  try {
    return convert({ value: parsed.value, unit: parsed.unit.symbol }, "s") * 1000;
  } catch {
    // Of another dimension.
    return undefined;
  }
}

/** What some faults have and others don't. */
type Particulars = Pick<ScheduledFault, "property" | "perHour" | "byte">;

async function readWhat(
  { faults, path }: FaultPlace,
  labFile: string,
  written: WrittenFault,
  lab: { readonly names: readonly string[]; readonly instruments: Readonly<Record<string, Described>> },
): Promise<Particulars | undefined> {
  const { instrument: name, fault } = written;
  if (!lab.names.includes(name)) {
    const advice = suggest(name, lab.names, "the lab has");
    faults.add("lab.unknown-instrument", [...path, "instrument"], `there is no instrument "${name}"`, advice);
    return undefined;
  }
  const described = lab.instruments[name];
  // Of an instrument whose driver can't be loaded that is told elsewhere.
  if (described === undefined) return undefined;
  const loaded = await loadSimulator(described.driverName, labFile);
  if (loaded.kind === "failed") {
    faults.add(loaded.fault.code, [...path, "instrument"], loaded.fault.message, loaded.fault.advice);
    return undefined;
  }
  const possible = possibleFaults(loaded.value);
  if (!possible.includes(fault)) {
    const message = `the fault "${fault}" can't happen to ${name} (${described.declaration.title})`;
    const advice = possible.length === 0 ? "no fault can" : `what can: ${possible.join(", ")}`;
    faults.add("lab.no-such-fault", [...path, "fault"], message, advice);
    return undefined;
  }
  const at = { faults, path };
  if (fault === "overheat") return readHeating(at, written);
  if (fault === "drift" || fault === "stick")
    return readReading(at, written, { ...described, simulator: loaded.value });
  if (fault === "cut") return readCut(at, written);
  return without(at, written, ["property", "per-hour", "byte"]);
}

/** Names of the faults that can happen to a simulated instrument. */
export function possibleFaults(simulator: AnySimulator): readonly string[] {
  const { transport } = simulator;
  const ofTransport =
    transport === "mqtt"
      ? TOPIC_TROUBLES
      : transport === "folder" || transport === "person"
        ? {}
        : LINE_TROUBLES;
  return [...Object.keys(ofTransport), ...twinTroublesOf(simulator)];
}

/** A fault that has no keys of its own. */
type NothingMore = Readonly<Partial<Record<keyof Particulars, never>>>;

/** Tells of keys that a fault doesn't have. */
function without(
  { faults, path }: FaultPlace,
  written: WrittenFault,
  keys: readonly ("property" | "per-hour" | "byte")[],
): NothingMore | undefined {
  const surplus = keys.filter((key) => written[key] !== undefined);
  for (const key of surplus)
    faults.add(
      "lab.bad-fault",
      [...path, key],
      `the fault "${written.fault}" has no "${key}"`,
      "take it out",
    );
  return surplus.length === 0 ? {} : undefined;
}

function readCut(at: FaultPlace, written: WrittenFault): Pick<ScheduledFault, "byte"> | undefined {
  const { byte } = written;
  return without(at, written, ["property", "per-hour"]) && (byte === undefined ? {} : { byte });
}

function readHeating(at: FaultPlace, written: WrittenFault): Pick<ScheduledFault, "perHour"> | undefined {
  const surplus = without(at, written, ["property", "byte"]);
  const perHour = written["per-hour"] === undefined ? USUAL_HEATING : change(at, written, "K");
  if (surplus === undefined || perHour === undefined) return undefined;
  if (perHour > 0) return { perHour };
  const advice = 'write a rise in an hour, such as "300 K"';
  at.faults.add(
    "lab.bad-fault",
    [...at.path, "per-hour"],
    `by ${written["per-hour"]} nothing overheats`,
    advice,
  );
  return undefined;
}

function readReading(
  at: FaultPlace,
  written: WrittenFault,
  { declaration, simulator }: Described & { readonly simulator: AnySimulator },
): Pick<ScheduledFault, "property" | "perHour"> | undefined {
  const { readings = [] } = simulator;
  const { property } = written;
  if (without(at, written, ["byte"]) === undefined) return undefined;
  if (property === undefined || !readings.includes(property)) {
    const [path, message] =
      property === undefined
        ? [[...at.path, "fault"], `it isn't said what is to ${written.fault}: "property" is missing`]
        : [
            [...at.path, "property"],
            `${written.instrument} has no "${property}" that could ${written.fault}`,
          ];
    at.faults.add("lab.bad-fault", path, message, suggest(property ?? "", readings, "what can"));
    return undefined;
  }
  if (written.fault === "stick") return without(at, written, ["per-hour"]) && { property };
  const unit = unitOfReading(declaration, property);
  if (written["per-hour"] === undefined) {
    const advice = `add its change in an hour, such as \`per-hour: 0.5 ${unit}\``;
    at.faults.add(
      "lab.bad-fault",
      [...at.path, "fault"],
      'it isn\'t said how fast it drifts: "per-hour" is missing',
      advice,
    );
    return undefined;
  }
  const perHour = change(at, written, unit);
  return perHour === undefined ? undefined : { property, perHour };
}

/** The change in an hour that is written, in a unit. */
function change({ faults, path }: FaultPlace, written: WrittenFault, unit: string): number | undefined {
  const text = String(written["per-hour"]);
  const parsed = parseQuantity(text);
  try {
    if (parsed.kind === "quantity")
      return convertDifference({ value: parsed.value, unit: parsed.unit.symbol }, unit);
  } catch {
    // Of another dimension.
  }
  faults.add(
    "lab.bad-fault",
    [...path, "per-hour"],
    `"${text}" is no change in ${unit}`,
    `write a number and ${unit}`,
  );
  return undefined;
}

function unitOfReading({ properties, actions }: Declaration, name: string): string {
  const ofActions = Object.values(actions).map(({ readings }) => readings[name]?.unit);
  return properties[name]?.unit ?? ofActions.find((unit) => unit !== undefined) ?? "1";
}
