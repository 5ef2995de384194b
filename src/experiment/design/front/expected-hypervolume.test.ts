import { describe, expect, it } from "vitest";
import { randomStream } from "../../../base/random.ts";
import { freeRegion, hypervolume, logImprovement } from "../../../numerics/index.ts";
import { expectedHypervolume, logExpectedHypervolume } from "./expected-hypervolume.ts";

const ramp = (a: number, mean: number, sd: number): number => sd * Math.exp(logImprovement((mean - a) / sd));

const FRONT = [
  [1, 4],
  [2, 3],
  [3, 1],
];

describe("the expected hypervolume improvement", () => {
  it("without a front is the product of the expected improvements over the reference", () => {
    const region = freeRegion([], [0, 1]);
    const prediction = { means: [0.5, 0.2], sds: [1, 2] };
    const expected = ramp(0, 0.5, 1) * ramp(1, 0.2, 2);
    expect(expectedHypervolume(region, prediction).sum).toBeCloseTo(expected, 12);
    expect(logExpectedHypervolume(region, prediction)).toBeCloseTo(Math.log(expected), 12);
  });

  it("of one objective is the expected improvement over the best", () => {
    const region = freeRegion([[2], [3]], [0]);
    expect(expectedHypervolume(region, { means: [2.5], sds: [0.7] }).sum).toBeCloseTo(ramp(3, 2.5, 0.7), 12);
  });

  it("of a sure prediction is what it adds", () => {
    const region = freeRegion(FRONT, [0, 0]);
    const added = hypervolume([...FRONT, [2.5, 3.5]], [0, 0]) - hypervolume(FRONT, [0, 0]);
    expect(expectedHypervolume(region, { means: [2.5, 3.5], sds: [1e-6, 1e-6] }).sum).toBeCloseTo(added, 5);
  });

  it.each([2, 3, 4])("of %i objectives agrees with Monte Carlo", (dimension) => {
    const random = randomStream(1, dimension, "front");
    const front = Array.from({ length: 6 }, () => Array.from({ length: dimension }, () => random.uniform()));
    const reference = new Array<number>(dimension).fill(0);
    const means = Array.from({ length: dimension }, () => 0.3 + 0.4 * random.uniform());
    const sds = Array.from({ length: dimension }, () => 0.1 + 0.3 * random.uniform());
    const whole = hypervolume(front, reference);
    let sum = 0;
    let squares = 0;
    const draws = 6000;
    for (let i = 0; i < draws; i++) {
      const point = means.map((mean, m) => mean + (sds[m] as number) * random.normal());
      const gain = hypervolume([...front, point], reference) - whole;
      sum += gain;
      squares += gain * gain;
    }
    const mean = sum / draws;
    const error = Math.sqrt((squares / draws - mean * mean) / draws);
    const exact = expectedHypervolume(freeRegion(front, reference), { means, sds }).sum;
    // Four standard errors of the draws.
    expect(Math.abs(exact - mean)).toBeLessThan(4 * error);
  });

  it("rises with each spread, so that a bound of the spread bounds it", () => {
    const region = freeRegion(FRONT, [0, 0]);
    for (const mean of [0.5, 1.5, 2.5, 4]) {
      const at = (sd: number): number =>
        expectedHypervolume(region, { means: [mean, 2], sds: [sd, 0.3] }).sum;
      expect(at(0.4)).toBeGreaterThan(at(0.2));
    }
  });

  it("has a logarithm, with its slopes, where the sum has nothing left", () => {
    const region = freeRegion(FRONT, [0, 0]);
    const slopes = { byMean: new Float64Array(2), bySd: new Float64Array(2) };
    const far = { means: [-60, -50], sds: [1, 1] };
    const { sum, lost } = expectedHypervolume(region, far);
    expect(sum).toBe(0);
    const value = logExpectedHypervolume(region, far, slopes);
    expect(value).toBeLessThan(-3000);
    expect(value).toBeLessThan(Math.log(lost));
    // ln h falls as -u²/2, so that its slope is the distance in spreads.
    expect(slopes.byMean[0]).toBeGreaterThan(60);
  });

  it.each([
    [0.5, 0.5],
    [2.2, 2.9],
    [5, 6],
    [-3, 1],
  ])("has the slopes of central differences at (%d, %d)", (one, other) => {
    const region = freeRegion(FRONT, [0, 0]);
    const slopes = { byMean: new Float64Array(2), bySd: new Float64Array(2) };
    const value = (shift: number, widen: number): number =>
      logExpectedHypervolume(region, { means: [one + shift, other], sds: [0.8 + widen, 0.6] });
    logExpectedHypervolume(region, { means: [one, other], sds: [0.8, 0.6] }, slopes);
    const step = 1e-5;
    expect(slopes.byMean[0]).toBeCloseTo((value(step, 0) - value(-step, 0)) / (2 * step), 6);
    expect(slopes.bySd[0]).toBeCloseTo((value(0, step) - value(0, -step)) / (2 * step), 6);
  });
});
