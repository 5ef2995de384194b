import type { Cancel, Clock } from "../base/clock.ts";
import { convert, parseQuantity } from "../base/quantity.ts";
import { randomStream } from "../base/random.ts";
import type { FaultCollector } from "../campaign/compile/faults.ts";
import type { ByteStream, SimulatedInstrument } from "../instrument/index.ts";
import { type LineTrouble, withTrouble } from "../instrument/testing/line-troubles.ts";
import type { WrittenFault, WrittenLab } from "./lab-schema.ts";
import { labTime, timeOfDay } from "./lab-time.ts";

/** Something that goes wrong in a rehearsal. */
export interface ScheduledFault {
  readonly instrument: string;
  readonly fault: WrittenFault["fault"];
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** When a simulated campaign begins, and where. */
interface Beginning {
  readonly start: number;
  readonly zone: string;
}

/** Reads what is to go wrong in a rehearsal. */
export function readFaults(faults: FaultCollector, file: WrittenLab, beginning: Beginning): ScheduledFault[] {
  return (file.simulation?.faults ?? []).flatMap((written, i) => {
    const path = ["simulation", "faults", i];
    if (file.instruments[written.instrument] === undefined)
      faults.add(
        "lab.unknown-instrument",
        [...path, "instrument"],
        `there is no instrument "${written.instrument}"`,
        `the lab has ${Object.keys(file.instruments).join(", ")}`,
      );
    const from = momentOf(written.at, beginning);
    const lasts = written.for === undefined ? Number.POSITIVE_INFINITY : duration(String(written.for));
    if (from === undefined)
      faults.add(
        "lab.bad-time",
        [...path, "at"],
        `"${written.at}" is no time`,
        'write "02:10", or "3 h" after the start',
      );
    if (lasts === undefined)
      faults.add(
        "lab.bad-time",
        [...path, "for"],
        `"${written.for}" is no time`,
        'write how long it lasts, such as "5 min"',
      );
    if (from === undefined || lasts === undefined) return [];
    return [{ instrument: written.instrument, fault: written.fault, from, until: from + lasts }];
  });
}

/** A time of day is the first after the start; a duration counts from it. */
function momentOf(text: string, { start, zone }: Beginning): number | undefined {
  if (!/^\d{1,2}:\d{2}$/.test(text)) {
    const after = duration(text);
    return after === undefined ? labTime(text, zone) : start + after;
  }
  return timeOfDay(text, { after: start, zone });
}

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

/** Puts the faults of an instrument's line on it. */
export function withFaultsOf(
  faults: readonly ScheduledFault[],
  instrument: string,
  { stream, clock, seed }: { readonly stream: ByteStream; readonly clock: Clock; readonly seed: number },
): ByteStream {
  const own = faults.filter((each) => each.instrument === instrument && each.fault !== "power");
  return own.reduce((inner, { fault, from, until }, i) => {
    const active = (): boolean => clock.now() >= from && clock.now() < until;
    return withTrouble(inner, fault as LineTrouble, {
      clock,
      random: randomStream(seed, i, `${instrument} ${fault}`),
      active,
    });
  }, stream);
}

/** Switches an instrument off and on when that is due, unless it is cancelled. */
export function schedulePower(
  faults: readonly ScheduledFault[],
  instrument: string,
  { clock, twin }: { readonly clock: Clock; readonly twin: SimulatedInstrument },
): Cancel {
  const due = faults
    .filter((each) => each.instrument === instrument && each.fault === "power")
    .map(({ from }) => clock.at(from, () => twin.powerCycle?.()));
  return () => {
    for (const cancel of due) cancel();
  };
}
