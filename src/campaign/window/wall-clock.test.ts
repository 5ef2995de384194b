import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { firstMoment, isZone, offsetOf, wallTime } from "./wall-clock.ts";

const HOUR = 3_600_000;
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "America/St_Johns",
];

describe("the first moment at which a wall shows a time", () => {
  it("is the jump where the hour is left out, and the first of two where it comes twice", () => {
    const berlin = (text: string) =>
      new Date(firstMoment(Date.parse(`${text}Z`), "Europe/Berlin")).toISOString();
    expect(berlin("2027-03-28T01:59:00")).toBe("2027-03-28T00:59:00.000Z");
    expect(berlin("2027-03-28T02:30:00")).toBe("2027-03-28T01:00:00.000Z");
    expect(berlin("2027-03-28T03:00:00")).toBe("2027-03-28T01:00:00.000Z");
    expect(berlin("2027-10-31T02:30:00")).toBe("2027-10-31T00:30:00.000Z");
    expect(berlin("2027-10-31T03:00:00")).toBe("2027-10-31T02:00:00.000Z");
  });

  prop.prop([fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 3 * 365 * 24 * 4 })])(
    "is what minutes of the wall, counted one by one, give",
    (zone, quarters) => {
      const wall = Date.UTC(2026, 0, 1) + (quarters * HOUR) / 4;
      const day = Math.floor(wall / (24 * HOUR)) * 24 * HOUR;
      // A search from well before the day, in steps in which no zone changes twice.
      let at = wall - 30 * HOUR;
      while (wallTime(at, zone) < wall || wallTime(at, zone) < day) at += 15 * 60_000;
      expect(firstMoment(wall, zone)).toBe(at);
    },
  );
});

it("an unknown zone is told apart", () => {
  expect([isZone("Europe/Berlin"), isZone("Mars/Olympus")]).toEqual([true, false]);
  expect(offsetOf(0, "Mars/Olympus")).toBeUndefined();
});
