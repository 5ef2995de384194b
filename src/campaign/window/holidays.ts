import { convertIcsCalendar, extendByRecurrenceRule, type IcsEvent } from "ts-ics";
import { firstMoment } from "./wall-clock.ts";
import { joined, type Span } from "./window.ts";

/** A file of holidays as spans, or what is wrong with it. */
export type HolidayReading =
  | { readonly kind: "holidays"; readonly spans: readonly Span[] }
  | { readonly kind: "problem"; readonly line: number; readonly message: string };

/** Bytes; a century of holidays has less. */
const LARGEST = 2_000_000;
/** Holidays of one file, repetitions included. */
const MOST = 20_000;
const DAY = 86_400_000;

/**
 * The holidays of an iCalendar file (RFC 5545) as spans, in order and apart from each other.
 *
 * @param zone - in which days without a zone of their own are meant
 * @param within - what repetitions are followed in
 */
export function readHolidays(text: string, zone: string, within: Span): HolidayReading {
  if (text.length > LARGEST) return problem(1, `it has more than ${LARGEST / 1e6} MB`);
  const bad = badLine(text);
  if (bad !== undefined) return bad;
  let events: readonly IcsEvent[] | undefined;
  try {
    events = convertIcsCalendar(undefined, text).events;
  } catch (error) {
    return problem(1, `it is no iCalendar file: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (events === undefined || events.length === 0) return problem(1, "there is no VEVENT in it");
  const spans = events.flatMap((event) => spansOf(event, zone, within));
  return spans.length > MOST
    ? problem(1, `it has more than ${MOST} holidays`)
    : { kind: "holidays", spans: joined(spans) };
}

function problem(line: number, message: string): HolidayReading {
  return { kind: "problem", line, message };
}

const STAMP = /^(DTSTART|DTEND|EXDATE)([^:]*):(.*)$/;

/** Rules by which days are repeated; one that repeats seconds would go on for hours. */
const RULE =
  /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL=[1-9]\d{0,2}|COUNT=[1-9]\d{0,4}|UNTIL=\d{8}(T\d{6}Z?)?|BYDAY=[\d,+A-Z-]{2,60}|BYMONTH=[\d,]{1,40}|BYMONTHDAY=[\d,-]{1,100}|BYSETPOS=-?\d{1,3}|WKST=[A-Z]{2}))*$/;

/** What the library would read as another day without a word, or never come to an end with. */
function badLine(text: string): HolidayReading | undefined {
  const lines = text.split(/\r?\n/);
  if (lines.find((line) => line.trim() !== "")?.trim() !== "BEGIN:VCALENDAR")
    return problem(1, 'it doesn\'t begin with "BEGIN:VCALENDAR"');
  for (const i of lines.keys()) {
    const rule = /^RRULE[^:]*:(.*)$/.exec(unfolded(lines, i).trim())?.[1];
    if (rule !== undefined && !RULE.test(rule))
      return problem(i + 1, `RRULE has a rule that labloop doesn't follow: "${rule.slice(0, 60)}"`);
    const [, name = "", , values = ""] = STAMP.exec(unfolded(lines, i).trim()) ?? [];
    if (name === "") continue;
    const wrong = values.split(",").find((value) => !isStamp(value));
    if (wrong !== undefined) return problem(i + 1, `${name} has no date: "${wrong}"`);
  }
  return undefined;
}

/** A line with those that continue it. */
function unfolded(lines: readonly string[], at: number): string {
  let line = lines[at] ?? "";
  for (let k = at + 1; /^[ \t]/.test(lines[k] ?? "") && line.length < 400; k++)
    line += (lines[k] ?? "").slice(1);
  return line;
}

function isStamp(text: string): boolean {
  const match = /^(\d{4})(\d{2})(\d{2})(T([01]\d|2[0-3])[0-5]\d[0-5]\dZ?)?$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1900 || year > 2199) return false;
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function spansOf(event: IcsEvent, zone: string, within: Span): Span[] {
  const { start } = event;
  const begins = start.date.getTime();
  const lasts = lengthOf(event);
  const starts = event.recurrenceRule
    ? extendByRecurrenceRule(event.recurrenceRule, {
        start: start.date,
        end: new Date(Math.min(within.to, begins + 200 * 366 * DAY)),
        ...(event.exceptionDates && { exceptions: event.exceptionDates.map(({ date }) => date) }),
      }).map((date) => date.getTime())
    : [begins];
  return starts
    .filter((at) => at + lasts + DAY > within.from && at - DAY < within.to)
    .map((at) =>
      start.type === "DATE"
        ? { from: firstMoment(at, zone), to: firstMoment(at + lasts, zone) }
        : { from: at, to: at + lasts },
    );
}

function lengthOf(event: IcsEvent): number {
  const whole = event.start.type === "DATE";
  if (event.end) return event.end.date.getTime() - event.start.date.getTime();
  if (!event.duration) return whole ? DAY : 0;
  const { weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = event.duration;
  return weeks * 7 * DAY + days * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000;
}
