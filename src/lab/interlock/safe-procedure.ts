import { type Clock, deadline } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { suggest } from "../../base/suggest.ts";
import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { readTime } from "../../campaign/compile/values.ts";
import { checkCall, type Instrument } from "../../instrument/index.ts";
import { quantities } from "../lab-quantities.ts";
import type { WrittenLab, WrittenSafeStep } from "../lab-schema.ts";
import type { Described } from "../watch/read-watched.ts";

/** One action on the way to a safe state. */
export interface SafeStep {
  /** Name in the lab file. */
  readonly instrument: string;
  readonly action: string;
  /** Numbers are in the units of the declaration. */
  readonly arguments: Readonly<Record<string, number | string>>;
  /** Milliseconds. */
  readonly within: number;
}

/** What is done, in this order, before every instrument is told to be safe; by name. */
export type SafeProcedures = Readonly<Record<string, readonly SafeStep[]>>;

/** Milliseconds that a step has unless the file says otherwise. */
const USUAL_WITHIN = 10_000;
/** Milliseconds that a procedure may take at most: everything else waits for it. */
const MOST = 60_000;

/** Reads the safe procedures of a lab file, and checks what their steps name and give. */
export function readSafeProcedures(
  faults: FaultCollector,
  file: WrittenLab,
  instruments: Readonly<Record<string, Described>>,
): SafeProcedures {
  const read: Record<string, readonly SafeStep[]> = {};
  for (const [name, written] of Object.entries(file.safe_procedures ?? {})) {
    const path = ["safe_procedures", name];
    const steps = written.flatMap((step, i) => readStep(faults, [...path, i], step, instruments) ?? []);
    const total = steps.reduce((sum, { within }) => sum + within, 0);
    if (total > MOST)
      faults.add(
        "lab.bad-safe-procedure",
        path,
        `its steps may take up to ${total / 1000} s, and everything else waits for them`,
        `give them less time: ${MOST / 1000} s at most together`,
      );
    read[name] = steps;
  }
  return read;
}

function readStep(
  faults: FaultCollector,
  path: readonly (string | number)[],
  step: WrittenSafeStep,
  instruments: Readonly<Record<string, Described>>,
): SafeStep | undefined {
  const [instrument = "", action = ""] = step.do.split(".");
  const described = instruments[instrument];
  if (described === undefined) {
    const advice = suggest(instrument, Object.keys(instruments), "the lab has");
    faults.add("lab.unknown-instrument", [...path, "do"], `there is no instrument "${instrument}"`, advice);
    return undefined;
  }
  const within =
    step.within === undefined ? USUAL_WITHIN : readTime(faults, [...path, "within"], step.within);
  const request = { action, arguments: quantities(step.with), key: "" };
  const checked = checkCall(described.declaration, request, instrument);
  if (checked.kind === "refused")
    for (const { message, advice } of checked.faults)
      faults.add("lab.bad-safe-procedure", [...path, "do"], message, advice);
  if (checked.kind === "refused" || within === undefined) return undefined;
  return { instrument, action, arguments: checked.call.arguments, within };
}

/**
 * Carries out a safe procedure, one step after the other; one that fails keeps none of the others from being done.
 *
 * @param instruments - by their names in the lab file
 * @returns what went wrong
 */
export async function carryOutSafely(
  steps: readonly SafeStep[],
  instruments: Readonly<Record<string, Instrument>>,
  clock: Clock,
): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  for (const [i, { instrument: name, action, arguments: given, within }] of steps.entries()) {
    const instrument = instruments[name];
    if (instrument === undefined) continue;
    const late = () => new Error(`${name}.${action} took longer than ${within / 1000} s`);
    const limit = deadline(clock, within, late);
    const call = { action, arguments: given, key: `safe ${clock.now()} ${i}` };
    const outcome = await instrument.perform(call, limit.signal);
    limit.cancel();
    if (outcome.kind === "failed")
      faults.push({
        code: "instrument.not-made-safe",
        message: `${name}.${action} of the safe procedure failed: ${outcome.fault.message}`,
        advice: "go and look",
      });
  }
  return faults;
}
