import { describe, expect, it } from "vitest";
import { measured, onlyTerm } from "../../../test/support/processes.ts";
import { randomStream } from "../../base/random.ts";
import type { Kernel } from "./covariance/kernel.ts";
import { priorsFor, tuningLayout } from "./covariance/tuning.ts";
import {
  type FittedProcess,
  fitGaussianProcess,
  fitterOf,
  USUAL_KERNELS,
  withLogParameters,
} from "./fit-gaussian-process.ts";
import { type TrainingData } from "./gaussian-process.ts";
import { negativeLogPosterior } from "./marginal-likelihood.ts";
import { predictorOf } from "./prediction.ts";

const smooth = ([a = 0, b = 0]: readonly number[]): number => Math.sin(4 * a) + b * b;

/** Weierstrass's function with a = 1/2 and b = 3 (Hardy, 1916): continuous, nowhere differentiable. */
function weierstrass([x = 0]: readonly number[]): number {
  return [0, 1, 2, 3, 4, 5].reduce((sum, n) => sum + 0.5 ** n * Math.cos(3 ** n * Math.PI * x), 0);
}

const OPTIONS = { kernels: USUAL_KERNELS, groups: Int32Array.of(0, 1) };

function fit(data: TrainingData, seed = 1): FittedProcess[] {
  const { dimension } = data;
  const groups = Int32Array.from({ length: dimension }, (_, k) => k);
  const random = randomStream(seed, 0, "fit");
  return fitGaussianProcess(data, { kernels: USUAL_KERNELS, groups, random });
}

function errorOf(fitted: readonly FittedProcess[], value: (x: readonly number[]) => number): number {
  const places = measured({ count: 200, dimension: 2, seed: 99, value });
  const predictors = fitted.map(({ process, weight }) => ({ predict: predictorOf(process), weight }));
  let squares = 0;
  for (let i = 0; i < 200; i++) {
    const mean = predictors.reduce(
      (sum, each) => sum + each.weight * each.predict(places.inputs, 2 * i).mean,
      0,
    );
    squares += (mean - (places.values[i] as number)) ** 2;
  }
  return Math.sqrt(squares / 200);
}

function lossOf(data: TrainingData, kernel: Kernel, logParameters: readonly number[]): number {
  const layout = tuningLayout({ ...OPTIONS, kernel });
  const objective = negativeLogPosterior(data, layout, priorsFor(layout, data));
  return objective(Float64Array.from(logParameters), new Float64Array(layout.size));
}

describe("a fit", () => {
  it("recovers a smooth function from 40 values", () => {
    const fitted = fit(measured({ count: 40, dimension: 2, seed: 1, value: smooth }));
    // The values spread by 0.6; what is left is a hundredth of it.
    expect(errorOf(fitted, smooth)).toBeLessThan(0.006);
  });

  it("of many values with noise recovers the function and the noise", () => {
    const fitted = fit(measured({ count: 150, dimension: 2, seed: 2, noise: 0.2, value: smooth }));
    // About ten numbers describe the function, so that 0.2·√(10/150) of the noise is left in it.
    expect(errorOf(fitted, smooth)).toBeLessThan(2 * 0.2 * Math.sqrt(10 / 150));
    const { process } = fitted[0] as FittedProcess;
    // A standard deviation from 140 degrees of freedom: four standard errors.
    expect(Math.abs(process.scale * Math.sqrt(process.hyper.noise) - 0.2)).toBeLessThan(0.8 / Math.sqrt(280));
  });

  it.each([3, 8, 40, 150])("of %d values has weights that sum to 1 and fall", (count) => {
    const fitted = fit(measured({ count, dimension: 2, seed: 3, noise: 0.3, value: smooth }));
    const weights = fitted.map(({ weight }) => weight);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(weights.length).toBeLessThanOrEqual(3);
  });

  it("weighs tunings by their posterior, but for that of the kernel", () => {
    const data = measured({ count: 6, dimension: 2, seed: 3, noise: 0.3, value: smooth });
    const fitted = fit(data);
    expect(fitted.length).toBeGreaterThan(1);
    const losses = fitted.map(({ process, logParameters }) => lossOf(data, process.kernel, logParameters));
    for (const [k, { weight }] of fitted.entries())
      expect(Math.log(weight / (fitted[0]?.weight as number))).toBeCloseTo(
        (losses[0] as number) - (losses[k] as number),
        9,
      );
  });

  it.each([10, 60, 140])("of %d values is the same to the bit for the same seed", (count) => {
    const data = measured({ count, dimension: 2, seed: 4, noise: 0.1, value: smooth });
    expect(fit(data, 7)).toEqual(fit(data, 7));
  });

  it.each([1, 2, 3, 4])("of a smooth function takes the smooth kernel (seed %d)", (seed) => {
    const [best] = fit(measured({ count: 30, dimension: 1, seed, value: ([x = 0]) => Math.sin(7 * x) }));
    expect(best?.process.kernel).toBe("rbf");
  });

  it.each([1, 2, 3, 4])("of a function without a derivative takes the rough kernel (seed %d)", (seed) => {
    const [best] = fit(measured({ count: 45, dimension: 1, seed, value: weierstrass }));
    expect(best?.process.kernel).toBe("matern52");
  });

  it("gives a feature that has no influence a longer length than one that has", () => {
    const data = measured({ count: 30, dimension: 2, seed: 5, value: ([a = 0]) => Math.sin(6 * a) });
    const { hyper } = (fit(data)[0] as FittedProcess).process;
    const { lengths } = onlyTerm(hyper);
    expect(lengths[1]).toBeGreaterThan(5 * (lengths[0] as number));
  });

  it("gives features of one group one length", () => {
    const data = measured({ count: 20, dimension: 2, seed: 6, value: smooth });
    const random = randomStream(1, 0, "fit");
    const [best] = fitGaussianProcess(data, {
      kernels: ["rbf"],
      groups: Int32Array.of(0, 0),
      random,
    });
    const { lengths } = onlyTerm((best as FittedProcess).process.hyper);
    expect(lengths[0]).toBe(lengths[1]);
    expect(best?.logParameters).toHaveLength(4);
  });

  it("of no data is none", () => {
    expect(fit(measured({ count: 0, dimension: 2, seed: 1, value: smooth }))).toEqual([]);
  });

  it("of one value, or of equal ones, expects it", () => {
    for (const count of [1, 5]) {
      const [best] = fit(measured({ count, dimension: 2, seed: 1, value: () => 3 }));
      expect(predictorOf((best as FittedProcess).process)(Float64Array.of(0.5, 0.5)).mean).toBeCloseTo(3, 1);
    }
  });

  it.each([30, 60, 140])("of %d values with other variances is that of a fit made anew", (count) => {
    const data = measured({ count, dimension: 2, seed: 8, noise: 0.1, value: smooth });
    const options = { ...OPTIONS, random: randomStream(7, 0, "fit") };
    const fitter = fitterOf(data, options);
    // One row after the other, so that some are among the few that are searched on, and others are not.
    for (let row = 0; row < 6; row++) {
      const variances = data.variances.map((variance, i) => (i <= row ? variance + 1 : variance));
      const changed = { ...data, variances };
      expect(fitter(changed)).toEqual(fit(changed, 7));
    }
    expect(fitter(data)).toEqual(fit(data, 7));
  });

  it("can be had again from its logarithms", () => {
    const data = measured({ count: 15, dimension: 2, seed: 6, value: smooth });
    const [best] = fit(data) as [FittedProcess];
    const options = { kernel: best.process.kernel, groups: OPTIONS.groups };
    expect(withLogParameters(data, best.logParameters, options)).toEqual(best.process);
  });
});
