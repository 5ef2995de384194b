import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gradientError } from "../../../../test/support/choices.ts";
import { randomPoints, randomProcess } from "../../../../test/support/processes.ts";
import { type Predictive, surrogatePredictive } from "../model/predictive.ts";
import type { Direction } from "../task/problem.ts";
import type { Acquisition } from "./acquisition.ts";
import { logExpectedImprovement, logImprovementOf } from "./log-expected-improvement.ts";

/** E[gain(y)] for y ~ N(mean, sd²) by the trapezoidal rule over eight standard deviations. */
function expected(gain: (y: number) => number, mean: number, sd: number): number {
  const steps = 40_000;
  let sum = 0;
  for (let k = 0; k <= steps; k++) {
    const z = -8 + (16 * k) / steps;
    sum += (gain(mean + sd * z) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return (sum * 16) / steps;
}

const told = (mean: number, sd: number, weight: number): Predictive =>
  ({ weight, expect: () => ({ mean, sd }) }) as unknown as Predictive;

const means = fc.double({ min: -3, max: 3, noNaN: true });
const sds = fc.double({ min: 0.2, max: 2, noNaN: true });

describe("the logarithm of the expected improvement", () => {
  property.prop([means, sds], { numRuns: 30 })("is its integral, for less and for more", (mean, sd) => {
    const less = expected((y) => Math.max(0, 0.5 - y), mean, sd);
    const more = expected((y) => Math.max(0, y - 0.5), mean, sd);
    // The rule's error at the kink is below 1e-8.
    expect(Math.abs(Math.exp(logImprovementOf({ kind: "minimise" }, 0.5, mean, sd)) - less)).toBeLessThan(
      1e-7,
    );
    expect(Math.abs(Math.exp(logImprovementOf({ kind: "maximise" }, 0.5, mean, sd)) - more)).toBeLessThan(
      1e-7,
    );
  });

  property.prop([means, sds], { numRuns: 30 })("is its integral for a target", (mean, sd) => {
    const nearer = expected((y) => Math.max(0, 0.8 - Math.abs(y - 1)), mean, sd);
    const value = Math.exp(logImprovementOf({ kind: "target", value: 1 }, 0.8, mean, sd));
    expect(Math.abs(value - nearer)).toBeLessThan(1e-7);
  });

  it.each<[Direction, number, number]>([
    [{ kind: "minimise" }, 0.5, Math.log(1.5)],
    [{ kind: "minimise" }, 3, -Infinity],
    [{ kind: "maximise" }, 3, Math.log(1)],
    [{ kind: "maximise" }, 2, -Infinity],
    [{ kind: "target", value: 3 }, 4, Math.log(1)],
    [{ kind: "target", value: 3 }, 6, -Infinity],
  ])("without spread is that of what is sure to be gained: %j, %d", (direction, mean, value) => {
    expect(logImprovementOf(direction, 2, mean, 0)).toBeCloseTo(value, 14);
  });

  it("falls on far from a target, where its parts cancel", () => {
    const values = [2, 6, 10, 20, 40].map((mean) =>
      logImprovementOf({ kind: "target", value: 0 }, 0.5, mean, 1),
    );
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values.every((value) => Number.isFinite(value))).toBe(true);
  });

  it("of several hypotheses is that of their weighed improvements", () => {
    const acquisition = logExpectedImprovement(
      [told(1, 0.5, 0.4), told(2, 1, 0.6)],
      { kind: "maximise" },
      1.2,
    );
    const [one, other] = [
      logImprovementOf({ kind: "maximise" }, 1.2, 1, 0.5),
      logImprovementOf({ kind: "maximise" }, 1.2, 2, 1),
    ];
    expect(acquisition.value({}, new Float64Array(0))).toBeCloseTo(
      Math.log(0.4 * Math.exp(one) + 0.6 * Math.exp(other)),
      12,
    );
  });

  it("goes without hypotheses that are refuted, or have no value", () => {
    const sure = told(1, 0.5, 1);
    const alone = logExpectedImprovement([sure], { kind: "maximise" }, 1).value({}, new Float64Array(0));
    for (const other of [told(99, 1, 1e-4), told(Number.NaN, Number.NaN, 0.5)])
      expect(
        logExpectedImprovement([sure, other], { kind: "maximise" }, 1).value({}, new Float64Array(0)),
      ).toBeCloseTo(alone, 12);
  });

  property.prop([fc.integer({ min: 1, max: 5000 }), fc.constantFrom("minimise", "maximise"), means])(
    "has the gradient of central differences",
    (seed, kind, best) => {
      const rival = {
        hypothesis: { kind: "surrogate", name: "surrogate" },
        measurement: { name: "y", unit: "1" },
        weight: 1,
      } as const;
      const predictive = surrogatePredictive(rival, randomProcess(seed, 6, 2));
      const acquisition = logExpectedImprovement([predictive], { kind }, best);
      const derive = acquisition.derive as NonNullable<Acquisition["derive"]>;
      const at = [...randomPoints(seed, 1, 2)];
      expect(gradientError(derive, (x) => acquisition.value({}, x), at)).toBeLessThan(1e-3);
    },
  );
});
