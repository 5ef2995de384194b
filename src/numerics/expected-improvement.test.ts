import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { logImprovement, logImprovementSlope, logOneMinusExp } from "./expected-improvement.ts";

test("at the best value so far the improvement is φ(0)", () => {
  expect(logImprovement(0)).toBeCloseTo(-0.5 * Math.log(2 * Math.PI), 14);
});

test("far above the best value the improvement is the difference", () => {
  expect(logImprovement(40)).toBeCloseTo(Math.log(40), 14);
});

test.each([-50, -1000, -99_999, -1e5, -1e8])("far below, at %d, it follows its asymptotic series", (u) => {
  // h(u) = φ(u) u⁻² (1 - 3u⁻² + 15u⁻⁴ …)
  const expected =
    -0.5 * u * u -
    0.5 * Math.log(2 * Math.PI) -
    2 * Math.log(-u) +
    Math.log1p(-3 / u ** 2 + 15 / u ** 4 - 105 / u ** 6);
  expect(Math.abs(logImprovement(u) - expected)).toBeLessThan(1e-5 + 1e-13 * Math.abs(expected));
});

property.prop([fc.double({ min: -500, max: 20, noNaN: true })])("the slope is the derivative", (u) => {
  const step = 1e-5 * Math.max(1, Math.abs(u));
  const numeric = (logImprovement(u + step) - logImprovement(u - step)) / (2 * step);
  expect(Math.abs(logImprovementSlope(u) / numeric - 1)).toBeLessThan(1e-5);
});

property.prop([
  fc.double({ min: -1e5, max: 1e3, noNaN: true }),
  fc.double({ min: 1e-3, max: 10, noNaN: true }),
])("more is better", (u, more) => {
  expect(logImprovement(u + more)).toBeGreaterThan(logImprovement(u));
});

test("1 - e^w keeps its digits at both ends", () => {
  expect(logOneMinusExp(-1e-12)).toBeCloseTo(Math.log(1e-12), 10);
  expect(logOneMinusExp(-50)).toBeCloseTo(-Math.exp(-50), 30);
});
