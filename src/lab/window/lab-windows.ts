import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { readTime } from "../../campaign/compile/values.ts";
import { readHolidays } from "../../campaign/window/holidays.ts";
import { isZone } from "../../campaign/window/wall-clock.ts";
import { type Span, WEEKDAYS, type Window } from "../../campaign/window/window.ts";
import {
  timeOfWall,
  type WrittenUseWindow,
  type WrittenWindow,
} from "../../campaign/window/window-schema.ts";
import type { WrittenLab } from "../lab-schema.ts";
import { SAFE_WITHIN } from "../make-all-safe.ts";

/** When a lab may be used. */
export interface LabWindows {
  readonly zone: string;
  /** Of the lab as a whole. */
  readonly lab?: Window;
  readonly byInstrument: Readonly<Record<string, Window>>;
  /** Instruments that are people. */
  readonly attended: ReadonlySet<string>;
  /** When people are there. */
  readonly people?: Window;
  /** Milliseconds before the end at which no experiment begins, where the file says so. */
  readonly lastStart?: number;
  /** Milliseconds before the end by which instruments are told to be safe. */
  readonly park: number;
  /** Texts of the holiday files by the names that the lab file gives them. */
  readonly holidays: Readonly<Record<string, string>>;
}

/** Repetitions are followed from 1970 to 2100. */
const FOREVER: Span = { from: 0, to: 4_102_444_800_000 };

/**
 * Reads when a lab may be used.
 *
 * @param read - gives the text of a file that the lab file names
 */
export async function readLabWindows(
  faults: FaultCollector,
  file: WrittenLab,
  read: (file: string) => Promise<string>,
): Promise<LabWindows> {
  const zone = file.window?.zone ?? file.simulation?.zone ?? "UTC";
  if (file.window?.zone !== undefined && !isZone(zone))
    faults.add(
      "lab.bad-time",
      ["window", "zone"],
      `"${zone}" is no time zone`,
      "write a zone such as Europe/Berlin",
    );
  const { closed, holidays } = await closedSpans(faults, file, zone, read);
  const window = (written: WrittenWindow): Window => windowOf(written, zone, closed);
  const lastStart = file.window && readLastStart(faults, file.window);
  const park =
    file.window?.park === undefined ? SAFE_WITHIN : readTime(faults, ["window", "park"], file.window.park);
  const byInstrument = Object.entries(file.instruments).flatMap(([name, { window: own }]) =>
    own === undefined ? [] : [[name, window(own)] as const],
  );
  const attended = Object.entries(file.instruments).flatMap(([name, { connect }]) =>
    connect !== undefined && "person" in connect ? [name] : [],
  );
  return {
    zone,
    attended: new Set(attended),
    byInstrument: Object.fromEntries(byInstrument),
    park: Math.max(park ?? SAFE_WITHIN, SAFE_WITHIN),
    holidays,
    ...(file.window && { lab: window(file.window) }),
    ...(file.people?.present && { people: window(file.people.present) }),
    ...(lastStart !== undefined && { lastStart }),
  };
}

/** Milliseconds before the end of a file's window at which no experiment begins, where the file says so. */
export function readLastStart(
  faults: FaultCollector,
  { last_start: written }: WrittenUseWindow,
): number | undefined {
  return written === undefined ? undefined : readTime(faults, ["window", "last_start"], written);
}

/** A window of a file. */
export function windowOf(
  { from, to, days = WEEKDAYS }: WrittenWindow,
  zone: string,
  closed: readonly Span[],
): Window {
  return { zone, from: timeOfWall(from), to: timeOfWall(to), days: new Set(days), closed };
}

async function closedSpans(
  faults: FaultCollector,
  file: WrittenLab,
  zone: string,
  read: (file: string) => Promise<string>,
): Promise<{ readonly closed: readonly Span[]; readonly holidays: Readonly<Record<string, string>> }> {
  const name = file.window?.holidays;
  if (name === undefined || !isZone(zone)) return { closed: [], holidays: {} };
  const path = ["window", "holidays"];
  let text: string;
  try {
    text = await read(name);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    faults.add(
      "lab.bad-holidays",
      path,
      `"${name}" can't be read: ${why}`,
      "look at the path and its rights",
    );
    return { closed: [], holidays: {} };
  }
  const reading = readHolidays(text, zone, FOREVER);
  if (reading.kind === "holidays") return { closed: reading.spans, holidays: { [name]: text } };
  faults.add(
    "lab.bad-holidays",
    path,
    `"${name}", line ${reading.line}: ${reading.message}`,
    "export the calendar again as iCalendar (.ics)",
  );
  return { closed: [], holidays: {} };
}
