import { expect, test } from "vitest";
import { logSumExp } from "./log-sum-exp.ts";

test("large exponents don't overflow and small ones don't vanish", () => {
  expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
  expect(logSumExp([-1000, -1000])).toBeCloseTo(-1000 + Math.LN2, 12);
});

test("nothing sums to 0", () => {
  expect(logSumExp([])).toBe(-Infinity);
  expect(logSumExp([-Infinity, 0])).toBe(0);
});
