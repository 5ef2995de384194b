import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { addReading, type ReadingStatistics, standardUncertainty } from "./reading-statistics.ts";

function all(readings: readonly number[]): ReadingStatistics {
  return readings.reduce<ReadingStatistics | undefined>(addReading, undefined) as ReadingStatistics;
}

test("the mean of 1, 2 and 6 is 3 with a standard uncertainty of √(7/3)", () => {
  const statistics = all([1, 2, 6]);
  expect(statistics).toMatchObject({ count: 3, mean: 3, last: 6 });
  expect(standardUncertainty(statistics)).toBeCloseTo(Math.sqrt(7 / 3), 12);
});

test("a single reading has no scatter", () => {
  expect(standardUncertainty(all([5]))).toBe(0);
});

test.prop([fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 })])(
  "the running mean is the mean of all readings",
  (readings) => {
    const mean = readings.reduce((a, b) => a + b, 0) / readings.length;
    expect(Math.abs(all(readings).mean - mean)).toBeLessThan(1e-6);
  },
);
