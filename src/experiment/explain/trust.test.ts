import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { measured } from "../../../test/support/processes.ts";
import { randomStream } from "../../base/random.ts";
import {
  type FittedProcess,
  fitGaussianProcess,
  USUAL_KERNELS,
} from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import { type TrainingData } from "../../hypothesis/surrogate/gaussian-process.ts";
import { normalProbability } from "../../numerics/index.ts";
import { crps, trustIn } from "./trust.ts";

/** ∫ (F(y) - [y ≥ value])² dy by the trapezoidal rule, in two parts that meet where the step is. */
function integrated(value: number, mean: number, sd: number): number {
  const part = (from: number, to: number, step: number): number => {
    const steps = 20_000;
    const width = (to - from) / steps;
    let sum = 0;
    for (let k = 0; k <= steps; k++) {
      const miss = normalProbability((from + k * width - mean) / sd) - step;
      sum += miss * miss * (k === 0 || k === steps ? 0.5 : 1);
    }
    return sum * width;
  };
  const far = 10 * sd + Math.abs(value - mean);
  return part(value - far - 10 * sd, value, 0) + part(value, value + far + 10 * sd, 1);
}

describe("the continuous ranked probability score", () => {
  it("of a standard normal prediction of its mean is (√2 - 1)/√π", () => {
    expect(crps(0, 0, 1)).toBeCloseTo((Math.SQRT2 - 1) / Math.sqrt(Math.PI), 14);
  });

  property.prop(
    [
      fc.double({ min: -4, max: 4, noNaN: true }),
      fc.double({ min: -4, max: 4, noNaN: true }),
      fc.double({ min: 0.1, max: 3, noNaN: true }),
    ],
    { numRuns: 25 },
  )("is the integral of the squared miss of the distribution", (value, mean, sd) => {
    expect(crps(value, mean, sd)).toBeCloseTo(integrated(value, mean, sd), 5);
  });

  it("without spread is the distance", () => {
    expect(crps(3, 5, 0)).toBe(2);
  });
});

function fit(data: TrainingData): FittedProcess[] {
  const random = randomStream(1, 0, "fit");
  return fitGaussianProcess(data, {
    kernels: USUAL_KERNELS,
    groups: Int32Array.of(0),
    random,
  });
}

const wave = ([x = 0]: readonly number[]): number => Math.sin(6 * x);

describe("trust", () => {
  it("isn't told with fewer than five values", () => {
    expect(trustIn([])).toBeUndefined();
    expect(trustIn(fit(measured({ count: 4, dimension: 1, seed: 1, value: wave })))).toBeUndefined();
    expect(trustIn(fit(measured({ count: 5, dimension: 1, seed: 1, value: wave })))).toBeDefined();
  });

  it("is high where values follow from each other", () => {
    const trust = trustIn(fit(measured({ count: 30, dimension: 1, seed: 2, value: wave })));
    expect(trust?.r2).toBeGreaterThan(0.99);
    expect(trust?.relativeCrps).toBeLessThan(0.1);
  });

  it("is none where values are noise", () => {
    const trust = trustIn(fit(measured({ count: 40, dimension: 1, seed: 3, noise: 1, value: () => 0 })));
    expect(trust?.r2).toBeLessThan(0.1);
    expect(trust?.relativeCrps).toBeGreaterThan(0.9);
  });

  it("covers nine in ten values where noise is normal", () => {
    const trust = trustIn(fit(measured({ count: 100, dimension: 1, seed: 4, noise: 0.3, value: wave })));
    // 100 values: four standard deviations of a count with probability 0.9.
    expect(Math.abs((trust?.coverage90 ?? 0) - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / 100));
  });
});
