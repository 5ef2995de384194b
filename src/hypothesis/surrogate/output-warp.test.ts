import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { median, normalQuantile } from "../../numerics/index.ts";
import { clippedWarp } from "./clipped-warp.ts";
import { halfRankWarp } from "./output-warp.ts";

const scores = fc
  .array(fc.integer({ min: -200, max: 200 }), { minLength: 2, maxLength: 25 })
  .map((each) => Float64Array.from(each));

describe("a half-rank warp", () => {
  property.prop([scores])("leaves the median and what is above it as they are", (given) => {
    const centre = median([...given]);
    const { warped, warp, unwarp } = halfRankWarp(given);
    for (const [i, score] of given.entries()) if (score >= centre) expect(warped[i]).toBe(score);
    expect(warp(centre + 1000)).toBe(centre + 1000);
    expect(unwarp(centre + 1000)).toBe(centre + 1000);
  });

  property.prop([scores, fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 500 })])(
    "rises everywhere, and is undone by unwarping",
    (given, score, more) => {
      const { warp, unwarp } = halfRankWarp(given);
      expect(warp(score + more)).toBeGreaterThan(warp(score));
      expect(Math.abs(unwarp(warp(score)) - score)).toBeLessThan(1e-6 * (1 + Math.abs(score)));
    },
  );

  property.prop([scores])(
    "is the same among the data and for any score, with slopes from 0 to 1",
    (given) => {
      const { warped, warp, slopeAt } = halfRankWarp(given);
      for (const [i, score] of given.entries()) {
        expect(warped[i]).toBe(warp(score));
        expect(slopeAt(i)).toBeGreaterThanOrEqual(0);
        expect(slopeAt(i)).toBeLessThanOrEqual(1);
      }
    },
  );

  it("gives the worst the same place however bad it is", () => {
    const [mild, wild] = [-5, -1e9].map((worst) => halfRankWarp(Float64Array.of(4, worst, 1, 9, 2, 7)));
    expect([...(wild?.warped ?? [])]).toEqual([...(mild?.warped ?? [])]);
  });

  it("gives those below the median the quantiles of a normal distribution as wide as the upper half", () => {
    // Median 3; above it 3, 5 and 7, spread √((0 + 4 + 16)/3); below it two, at ranks ½ and 3/2 of two.
    const { warped } = halfRankWarp(Float64Array.of(5, -70, 3, 1, 7));
    const spread = Math.sqrt(20 / 3);
    expect(warped[1]).toBeCloseTo(3 + spread * normalQuantile(0.125), 12);
    expect(warped[3]).toBeCloseTo(3 + spread * normalQuantile(0.375), 12);
  });

  it("gives equal scores equal places", () => {
    const { warped } = halfRankWarp(Float64Array.of(1, 0, 0, 5, 6, 7));
    expect(warped[1]).toBe(warped[2]);
  });

  it("changes nothing where the upper half has no spread", () => {
    const { warped } = halfRankWarp(Float64Array.of(0, 3, 3));
    expect([...warped]).toEqual([0, 3, 3]);
  });
});

describe("a clipped warp", () => {
  it("raises what is below Tukey's fence to it, and leaves all else", () => {
    // Quartiles 1 and 3 of 0 … 4; the fence is 1 - 1.5·2.
    const { warp } = clippedWarp(Float64Array.of(0, 1, 2, 3, 4));
    expect([-50, -2, -1, 2, 99].map(warp)).toEqual([-2, -2, -1, 2, 99]);
  });
});
