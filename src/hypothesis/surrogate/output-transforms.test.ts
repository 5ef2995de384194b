import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../base/random.ts";
import { powerWarp, rankWarp, type WarpOf, warpsOf } from "./output-transforms.ts";
import { noWarp } from "./output-warp.ts";

const scores = fc
  .array(fc.integer({ min: -200, max: 200 }), { minLength: 2, maxLength: 25 })
  .map((each) => Float64Array.from(each));

const named: readonly [string, WarpOf][] = [
  ["no warp", noWarp],
  ["a warp to ranks", rankWarp],
  ["a warp by a power", powerWarp],
];

describe.each(named)("%s", (_, warpOf) => {
  property.prop([scores, fc.integer({ min: -250, max: 250 }), fc.integer({ min: 1, max: 100 })])(
    "rises everywhere, and is undone by unwarping",
    (given, score, more) => {
      const { warp, unwarp } = warpOf(given);
      expect(warp(score + more)).toBeGreaterThan(warp(score));
      expect(Math.abs(unwarp(warp(score)) - score)).toBeLessThan(1e-6 * (1 + Math.abs(score)));
    },
  );

  property.prop([scores])("is the same among the data and for any score", (given) => {
    const { warped, warp } = warpOf(given);
    expect([...warped]).toEqual([...given].map(warp));
  });
});

describe("a warp by a power", () => {
  const random = randomStream(1, 0, "scores");
  const normal = Float64Array.from({ length: 200 }, () => random.normal());
  const skewness = (values: Float64Array): number => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
    return values.reduce((sum, x) => sum + ((x - mean) / sd) ** 3, 0) / values.length;
  };

  it("takes most of the skewness from a lognormal distribution", () => {
    const skewed = normal.map((x) => Math.exp(x));
    expect(skewness(skewed)).toBeGreaterThan(2);
    expect(Math.abs(skewness(powerWarp(skewed).warped))).toBeLessThan(0.5);
  });

  it("has the slopes of central differences", () => {
    const skewed = normal.map((x) => Math.exp(x));
    const { warp, slopeAt } = powerWarp(skewed);
    for (const i of [0, 5, 17]) {
      const score = skewed[i] as number;
      expect(slopeAt(i)).toBeCloseTo((warp(score + 1e-6) - warp(score - 1e-6)) / 2e-6, 5);
    }
  });
});

it("evidence chooses among all transforms, and half ranks are the usual one", () => {
  expect(warpsOf("evidence")).toHaveLength(4);
  expect(warpsOf().map(({ name }) => name)).toEqual(["halfRankWarp"]);
});
