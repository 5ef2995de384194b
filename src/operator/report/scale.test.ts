import { fc, test } from "@fast-check/vitest";

import { describe, expect, it } from "vitest";
import { linearScale, logScale } from "./scale.ts";

describe("a linear scale", () => {
  it.each([
    [
      [0, 1],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [0.045, 1.33],
      [0, 0.5, 1, 1.5],
    ],
    [
      [-3.7, 5],
      [-4, -2, 0, 2, 4, 6],
    ],
    [
      [55, 93],
      [50, 60, 70, 80, 90, 100],
    ],
    [
      [1e6, 3e6],
      [1e6, 1.5e6, 2e6, 2.5e6, 3e6],
    ],
    [
      [2e-7, 9e-7],
      [2e-7, 4e-7, 6e-7, 8e-7, 1e-6],
    ],
  ])("over %j has the ticks %j", (values, ticks) => {
    expect(linearScale(values).ticks).toEqual(ticks);
  });

  it("counts in whole numbers where it is asked to", () => {
    expect(linearScale([1, 2], { whole: true }).ticks).toEqual([1, 2]);
    expect(linearScale([1, 18], { whole: true }).ticks).toEqual([0, 5, 10, 15, 20]);
  });

  it("has room around a single value, and around none", () => {
    expect(linearScale([5]).share(5)).toBeCloseTo(0.5, 12);
    expect(linearScale([]).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  test.prop([fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 })])(
    "has every value between its ends, and from 2 to 8 ticks in order",
    (values) => {
      const { ticks, share } = linearScale(values);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
      expect(share(ticks[0] as number)).toBeCloseTo(0, 9);
      expect(share(ticks.at(-1) as number)).toBeCloseTo(1, 9);
      for (const value of values) {
        expect(share(value)).toBeGreaterThanOrEqual(-1e-6);
        expect(share(value)).toBeLessThanOrEqual(1 + 1e-6);
      }
    },
  );
});

describe("a logarithmic scale", () => {
  it("has ticks at 1, 2 and 5, and lays equal ratios equally far apart", () => {
    const { ticks, share } = logScale([0.05, 2]);
    expect(ticks).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
    expect(share(0.2) - share(0.1)).toBeCloseTo(share(2) - share(1), 12);
    expect([share(0.05), share(2)]).toEqual([0, 1]);
  });

  it("has whole decades over many of them", () => {
    expect(logScale([1e-3, 1e3]).ticks).toEqual([1e-3, 1e-2, 1e-1, 1, 10, 100, 1000]);
  });
});
