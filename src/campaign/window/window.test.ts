import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { wallTime } from "./wall-clock.ts";
import { nextOpenSpan, openSpanAt, openSpans, type Span, WEEKDAYS, type Window } from "./window.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];

const night: Window = {
  zone: "Europe/Berlin",
  from: 19 * HOUR,
  to: 7.5 * HOUR,
  days: new Set(["mon", "tue", "wed", "thu"]),
  closed: [],
};

const written = ({ from, to }: Span): string =>
  [from, to].map((at) => new Date(at).toISOString().slice(0, 16)).join(" to ");

describe("a window", () => {
  it("opens on its days and closes on the next morning, in winter and in summer", () => {
    const after = Date.UTC(2027, 2, 24);
    const spans = [...openSpans(night, after)].slice(0, 4).map(written);
    expect(spans).toEqual([
      "2027-03-23T18:00 to 2027-03-24T06:30",
      "2027-03-24T18:00 to 2027-03-25T06:30",
      "2027-03-25T18:00 to 2027-03-26T06:30",
      // From here on the clocks are an hour ahead.
      "2027-03-29T17:00 to 2027-03-30T05:30",
    ]);
  });

  it("is an hour shorter or longer in the night in which the clocks change", () => {
    const always: Window = { ...night, days: new Set(WEEKDAYS) };
    const length = (day: number) => {
      const [span] = openSpans(always, day);
      return ((span?.to ?? 0) - (span?.from ?? 0)) / HOUR;
    };
    expect(length(Date.UTC(2027, 2, 27, 12))).toBe(11.5);
    expect(length(Date.UTC(2027, 9, 30, 12))).toBe(13.5);
  });

  it("is one span where it closes when it opens again", () => {
    const whole: Window = { ...night, from: 0, to: DAY, days: new Set(WEEKDAYS) };
    const [first, second] = openSpans(whole, Date.UTC(2027, 0, 1));
    expect((first?.to ?? 0) - (first?.from ?? 0)).toBeGreaterThan(300 * DAY);
    expect(second).toBeUndefined();
  });

  it("is closed on holidays", () => {
    const holiday = { from: Date.UTC(2027, 2, 24, 20), to: Date.UTC(2027, 2, 25, 2) };
    const spans = [...openSpans({ ...night, closed: [holiday] }, Date.UTC(2027, 2, 24, 12))].slice(0, 2);
    expect(spans.map(written)).toEqual([
      "2027-03-24T18:00 to 2027-03-24T20:00",
      "2027-03-25T02:00 to 2027-03-25T06:30",
    ]);
  });
});

const windows = fc.record({
  zone: fc.constantFrom(...ZONES),
  from: fc.integer({ min: 0, max: 95 }).map((quarter) => (quarter * HOUR) / 4),
  to: fc.integer({ min: 0, max: 96 }).map((quarter) => (quarter * HOUR) / 4),
  days: fc.subarray([...WEEKDAYS], { minLength: 1 }).map((days) => new Set(days)),
  closed: fc
    .array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 40 })), { maxLength: 4 })
    .map((list) => {
      let at = Date.UTC(2027, 0, 1);
      return list.map(([gap, length]) => {
        const from = at + (gap + 1) * HOUR;
        at = from + length * HOUR;
        return { from, to: at };
      });
    }),
});

const moments = fc.integer({ min: 0, max: 365 * 24 * 4 }).map((q) => Date.UTC(2027, 0, 1) + (q * HOUR) / 4);

/** By the wall alone: whether it shows a time at which the window may be open. */
function mayBeOpen({ zone, from, to, days }: Window, moment: number): boolean {
  const wall = wallTime(moment, zone);
  const day = Math.floor(wall / DAY);
  const time = wall - day * DAY;
  const opens = (k: number) => days.has(WEEKDAYS[(day + k + 3) % 7] as (typeof WEEKDAYS)[number]);
  if (to > from) return opens(0) && time >= from && time < to;
  return (opens(0) && time >= from) || (opens(-1) && time < to);
}

/** Whether a zone's clocks change within a day of a moment. */
function clocksChange(zone: string, moment: number): boolean {
  const offset = (at: number) => wallTime(at, zone) - at;
  return offset(moment - 1.5 * DAY) !== offset(moment + 1.5 * DAY);
}

prop.prop([windows, moments], { numRuns: 300 })(
  "a moment is in an open span where the wall says so and no holiday is",
  (window, moment) => {
    const span = openSpanAt([window], moment);
    const holiday = window.closed.some(({ from, to }) => from <= moment && moment < to);
    if (span !== undefined) {
      expect(span.from <= moment && moment < span.to).toBe(true);
      expect(holiday).toBe(false);
    }
    if (!clocksChange(window.zone, moment))
      expect(span !== undefined).toBe(mayBeOpen(window, moment) && !holiday);
  },
);

prop.prop([fc.array(windows, { minLength: 1, maxLength: 3 }), moments, fc.integer({ min: 0, max: 12 })], {
  numRuns: 200,
})(
  "the next span of several windows is open in each, long enough, and none comes before it",
  (all, moment, hours) => {
    const least = hours * HOUR;
    const next = nextOpenSpan(all, moment, least);
    const end = next?.from ?? moment + 20 * DAY;
    for (let at = moment; at < Math.min(end, moment + 20 * DAY); at += HOUR / 4) {
      const span = openSpanAt(all, at);
      if (span !== undefined) expect(span.to - at).toBeLessThan(Math.max(least, 1));
    }
    if (next === undefined) return;
    expect(next.to - next.from).toBeGreaterThanOrEqual(least);
    for (const window of all) {
      expect(openSpanAt([window], next.from)?.to).toBeGreaterThanOrEqual(next.to);
      expect(openSpanAt([window], next.to - 1)).toBeDefined();
    }
  },
);
