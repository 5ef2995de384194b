import { describe, expect, it } from "vitest";
import { readHolidays } from "./holidays.ts";

const WITHIN = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2029, 0, 1) };

function calendar(...events: readonly string[]): string {
  const bodies = events.map((event) => `BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n${event}\nEND:VEVENT`);
  return `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//lab//EN\n${bodies.join("\n")}\nEND:VCALENDAR\n`.replaceAll(
    "\n",
    "\r\n",
  );
}

function read(...events: readonly string[]): string[] {
  const reading = readHolidays(calendar(...events), "Europe/Berlin", WITHIN);
  if (reading.kind === "problem") throw new Error(`${reading.line}: ${reading.message}`);
  return reading.spans.map(({ from, to }) =>
    [from, to].map((at) => new Date(at).toISOString().slice(0, 16)).join(" to "),
  );
}

describe("a file of holidays", () => {
  it("gives days of the lab's zone, to the end of the last one", () => {
    expect(read("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nSUMMARY:Christmas")).toEqual([
      "2026-12-24T23:00 to 2026-12-26T23:00",
    ]);
    expect(read("DTSTART;VALUE=DATE:20270501\nSUMMARY:one day")).toEqual([
      "2027-04-30T22:00 to 2027-05-01T22:00",
    ]);
  });

  it("follows repetitions, without exceptions, within what is asked for", () => {
    const yearly = "DTSTART;VALUE=DATE:20201003\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20271003";
    expect(read(yearly)).toEqual([
      "2026-10-02T22:00 to 2026-10-03T22:00",
      "2028-10-02T22:00 to 2028-10-03T22:00",
    ]);
  });

  it("takes hours of another zone, and joins what overlaps", () => {
    expect(
      read(
        "DTSTART;TZID=America/New_York:20270110T080000\nDTEND;TZID=America/New_York:20270110T100000",
        "DTSTART:20270110T143000Z\nDURATION:PT2H",
      ),
    ).toEqual(["2027-01-10T13:00 to 2027-01-10T16:30"]);
  });

  it.each([
    ["", 1, /doesn't begin with "BEGIN:VCALENDAR"/],
    ["date,holiday\n2026-12-25,Christmas\n", 1, /doesn't begin with/],
    [calendar("DTSTART;VALUE=DATE:2026122"), 7, /DTSTART has no date: "2026122"/],
    [calendar("DTSTART;VALUE=DATE:20270229"), 7, /DTSTART has no date: "20270229"/],
    [calendar(), 1, /no VEVENT/],
    [calendar("DTSTART;VALUE=DATE:00010101"), 7, /DTSTART has no date: "00010101"/],
    [
      calendar("DTSTART:20300110T080000Z\nRRULE:FREQ=SECONDLY;COUNT=1000000000"),
      8,
      /RRULE has a rule that labloop doesn't follow: "FREQ=SECONDLY/,
    ],
    [calendar("DTSTART;VALUE=DATE:20300110\nRRULE:FREQ=DAILY;BYSE\n COND=0,1,2,3"), 8, /RRULE has a rule/],
    ["BEGIN:VCALENDAR\nnonsense", 1, /no iCalendar file/],
    [`BEGIN:VCALENDAR${" ".repeat(2_000_000)}`, 1, /more than 2 MB/],
  ])("that can't be read is told by line: %#", (text, line, message) => {
    const reading = readHolidays(text, "UTC", WITHIN);
    expect(reading).toMatchObject({ kind: "problem", line });
    expect(reading.kind === "problem" ? reading.message : "").toMatch(message);
  });
});
