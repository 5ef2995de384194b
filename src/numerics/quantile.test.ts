import { expect, test } from "vitest";
import { median, quantile } from "./quantile.ts";

test("the median of an even number of values lies between the middle two", () => {
  expect(median([9, 1, 4, 2])).toBe(3);
});

test("quantiles interpolate between neighbours", () => {
  expect(quantile([0, 10, 20, 30, 40], 0.1)).toBeCloseTo(4, 12);
  expect(quantile([7], 0.9)).toBe(7);
});

test("no values have no quantile", () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});
