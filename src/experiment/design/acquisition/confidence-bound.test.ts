import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gradientError } from "../../../../test/support/choices.ts";
import { randomPoints, randomProcess } from "../../../../test/support/processes.ts";
import { predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import { bestOf } from "../search/best-of.ts";
import type { Acquisition } from "./acquisition.ts";
import { upperConfidenceBound } from "./confidence-bound.ts";

const seeds = fc.integer({ min: 1, max: 5000 });

function members(seed: number) {
  return [0.7, 0.3].map((weight, m) => ({
    process: randomProcess(seed + 31 * m, 6, 3),
    logParameters: [],
    logPosterior: 0,
    weight,
  }));
}

describe("an upper confidence bound", () => {
  property.prop([seeds])("is the weighed mean and spread of its models", (seed) => {
    const own = members(seed);
    const at = randomPoints(seed, 1, 3);
    const [a, b] = own.map(({ process }) => ({ ...predictorOf(process)(at) }));
    const value = upperConfidenceBound(own, 1.5).value({}, at);
    const part = (of: typeof a): number => (of?.mean as number) + 1.5 * Math.sqrt(of?.variance as number);
    expect(value).toBeCloseTo(0.7 * part(a) + 0.3 * part(b), 12);
  });

  property.prop([seeds, fc.constantFrom(0, 0.25, 2)])(
    "has the gradient of central differences",
    (seed, beta) => {
      const acquisition = upperConfidenceBound(members(seed), beta);
      const derive = acquisition.derive as NonNullable<Acquisition["derive"]>;
      const at = [...randomPoints(seed, 1, 3)];
      expect(gradientError(derive, (x) => acquisition.value({}, x), at)).toBeLessThan(1e-3);
      const x = Float64Array.from(at);
      expect(derive(x, new Float64Array(3))).toBeCloseTo(acquisition.value({}, x), 12);
    },
  );

  property.prop([seeds])("ranks many points as one by one", (seed) => {
    const acquisition = upperConfidenceBound(members(seed), 0.8);
    const points = { count: 150, dimension: 3, features: randomPoints(seed, 150, 3) };
    const { best: _, ...slow } = acquisition;
    const rows = (of: Acquisition): number[] => bestOf(of, points, () => ({}), 5).map(({ row }) => row);
    expect(rows(acquisition)).toEqual(rows(slow));
  });

  it("without boldness is the mean", () => {
    const [only] = members(3);
    const at = randomPoints(3, 1, 3);
    const mean = predictorOf((only as NonNullable<typeof only>).process)(at).mean;
    expect(
      upperConfidenceBound([{ ...(only as NonNullable<typeof only>), weight: 1 }], 0).value({}, at),
    ).toBe(mean);
  });
});
