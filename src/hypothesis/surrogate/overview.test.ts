import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { randomPoints, randomProcess } from "../../../test/support/processes.ts";
import { meansAt, overviewOf, variancesAt } from "./overview.ts";
import { predictorOf } from "./prediction.ts";

const seeds = fc.integer({ min: 1, max: 10_000 });
const counts = fc.integer({ min: 1, max: 9 });
const dimensions = fc.integer({ min: 1, max: 4 });

describe("an overview of many points", () => {
  property.prop([seeds, counts, dimensions])(
    "tells the same as one prediction after the other, and bounds their variances",
    (seed, count, dimension) => {
      const gp = randomProcess(seed, count, dimension);
      const points = randomPoints(seed, 7, dimension);
      const predict = predictorOf(gp);
      const means = meansAt(gp, points);
      const { bounds } = overviewOf(gp, points);
      const rows = [6, 0, 3, 1, 5];
      const variances = variancesAt(gp, points, rows);
      for (const [k, row] of rows.entries()) {
        const { mean, variance } = predict(points, row * dimension);
        expect(means[row]).toBeCloseTo(mean, 10);
        expect(variances[k]).toBeCloseTo(variance, 10);
        expect(bounds[row]).toBeGreaterThanOrEqual((variances[k] as number) * (1 - 1e-12));
      }
    },
  );

  it("has the variances as their bounds where there is one observation", () => {
    const gp = randomProcess(3, 1, 2);
    const points = randomPoints(3, 6, 2);
    const variances = variancesAt(gp, points, [0, 1, 2, 3, 4, 5]);
    for (const [p, bound] of overviewOf(gp, points).bounds.entries())
      expect(Math.abs(bound - (variances[p] as number))).toBeLessThan(1e-14);
  });

  it("has the means of every sample, and those of the process where none are named", () => {
    const gp = randomProcess(5, 4, 2);
    const points = randomPoints(5, 3, 2);
    const doubled = gp.weights.map((each) => 2 * each);
    const { means } = overviewOf(gp, points, [doubled, gp.weights]);
    expect(means[1]).toEqual(meansAt(gp, points));
    expect(means[0]).toEqual(meansAt({ ...gp, weights: doubled }, points));
  });
});
