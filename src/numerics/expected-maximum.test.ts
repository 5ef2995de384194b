import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { exp } from "../base/elementary.ts";
import { logImprovement } from "./expected-improvement.ts";
import { logExpectedMaximum } from "./expected-maximum.ts";
import { normalDensity } from "./normal-distribution.ts";

/** Simpson's rule over ±9 standard deviations. */
function byQuadrature(a: readonly number[], b: readonly number[]): number {
  const parts = 4000;
  const width = 18 / parts;
  let sum = 0;
  for (let i = 0; i <= parts; i++) {
    const z = -9 + i * width;
    const weight = i === 0 || i === parts ? 1 : i % 2 === 0 ? 2 : 4;
    sum += weight * Math.max(...a.map((each, k) => each + (b[k] as number) * z)) * normalDensity(z);
  }
  return (sum * width) / 3 - Math.max(...a);
}

describe("the expected maximum of lines", () => {
  it("of a line and a constant is the expected improvement", () => {
    expect(logExpectedMaximum([1, 0.4], [0, 2])).toBeCloseTo(Math.log(2) + logImprovement(-0.3), 12);
  });

  it("of two lines through one point is half the mean distance of their slopes", () => {
    expect(logExpectedMaximum([0, 0], [-1, 1])).toBeCloseTo(Math.log(2 * normalDensity(0)), 12);
  });

  it("is nothing where all slopes are alike, or there is one line", () => {
    expect(logExpectedMaximum([3, 1, 2], [1, 1, 1])).toBe(-Infinity);
    expect(logExpectedMaximum([3], [1])).toBe(-Infinity);
  });

  it("keeps its digits where a change is all but impossible", () => {
    expect(logExpectedMaximum([0, -40], [0, 1])).toBeCloseTo(logImprovement(-40), 10);
  });

  const number = fc.double({ min: -2, max: 2, noNaN: true });
  prop.prop([fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 8 })])(
    "agrees with quadrature",
    (lines) => {
      const [a, b] = [lines.map(([each]) => each), lines.map(([, each]) => each)];
      // Simpson's rule sees kinks to the square of its step.
      expect(Math.abs(exp(logExpectedMaximum(a, b)) - byQuadrature(a, b))).toBeLessThan(2e-5);
    },
  );
});
