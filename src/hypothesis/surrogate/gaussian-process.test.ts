import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gradientError } from "../../../test/support/choices.ts";
import {
  conditioned,
  oneTerm,
  randomPoints,
  randomProcess,
  tuningOf,
} from "../../../test/support/processes.ts";
import { correlation, type Shape } from "./covariance/kernel.ts";
import {
  atZeroOfRest,
  conditionOn,
  extendBy,
  fittedMeans,
  type GaussianProcess,
  standardisation,
} from "./gaussian-process.ts";
import { meansAt, overviewOf, variancesAt } from "./overview.ts";
import { predictorOf } from "./prediction.ts";

const seeds = fc.integer({ min: 1, max: 10_000 });
const counts = fc.integer({ min: 1, max: 9 });
const dimensions = fc.integer({ min: 1, max: 4 });

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(0, ...Array.from(a, (each, i) => Math.abs(each - (b[i] as number))));
}

describe("standardisation", () => {
  it("takes the mean and the spread of values", () => {
    expect(standardisation(Float64Array.of(1, 2, 6))).toEqual({ offset: 3, scale: Math.sqrt(7) });
  });

  it("has a spread above 0 for values that are all the same, for one and for none", () => {
    expect(standardisation(Float64Array.of(4, 4, 4))).toEqual({ offset: 4, scale: 4 });
    expect(standardisation(Float64Array.of(-2))).toEqual({ offset: -2, scale: 2 });
    expect(standardisation(Float64Array.of(0, 0))).toEqual({ offset: 0, scale: 1 });
    expect(standardisation(new Float64Array(0))).toEqual({ offset: 0, scale: 1 });
  });
});

describe("a process on two observations", () => {
  const data = {
    count: 2,
    dimension: 1,
    inputs: Float64Array.of(0.2, 0.7),
    values: Float64Array.of(5, 9),
    variances: Float64Array.of(0, 0.5),
  };
  const [signal, noise, mean, length] = [2, 0.3, 6, 0.4];

  it.each<Shape>(["matern52", "matern32", "rbf"])(
    "with kernel %s predicts what the inverse of two by two gives",
    (kernel) => {
      const gp = conditioned(data, { kernel, lengths: [length], signal, noise, mean });
      const k = (a: number, b: number): number => signal * correlation(kernel, ((a - b) / length) ** 2);
      const [a, b, c] = [signal + noise, k(0.2, 0.7), signal + noise + 0.5];
      const determinant = a * c - b * b;
      for (const x of [-0.5, 0.2, 0.45, 1]) {
        const [k0, k1] = [k(x, 0.2), k(x, 0.7)];
        const [w0, w1] = [(c * k0 - b * k1) / determinant, (a * k1 - b * k0) / determinant];
        const predicted = predictorOf(gp)(Float64Array.of(x));
        expect(predicted.mean).toBeCloseTo(mean + w0 * (5 - mean) + w1 * (9 - mean), 12);
        expect(predicted.variance).toBeCloseTo(signal - w0 * k0 - w1 * k1, 12);
      }
    },
  );

  it("returns to its mean and its own variance far from them", () => {
    const gp = conditioned(data, { kernel: "rbf", lengths: [length], signal, noise, mean });
    const { mean: level, variance } = predictorOf(gp)(Float64Array.of(50));
    expect(level).toBeCloseTo(mean, 12);
    expect(variance).toBeCloseTo(signal, 12);
  });

  it("is asked at any place of a longer row", () => {
    const predict = predictorOf(conditioned(data, { kernel: "rbf", lengths: [length], signal, noise, mean }));
    const alone = predict(Float64Array.of(0.3)).mean;
    expect(predict(Float64Array.of(9, 9, 0.3, 9), 2).mean).toBe(alone);
  });
});

describe("a process", () => {
  property.prop([seeds, counts, dimensions])(
    "extended by an observation is the process that is conditioned on it anew",
    (seed, count, dimension) => {
      const gp = randomProcess(seed, count, dimension);
      const input = randomPoints(seed + 1, 1, dimension);
      const extended = extendBy(gp, input, 1.7);
      const anew = conditioned(extended.data, tuningOf(gp));
      const points = randomPoints(seed, 5, dimension);
      for (let p = 0; p < 5; p++) {
        const one = predictorOf(extended)(points, p * dimension);
        const other = predictorOf(anew)(points, p * dimension);
        expect(one.mean).toBeCloseTo(other.mean, 8);
        expect(one.variance).toBeCloseTo(other.variance, 8);
      }
    },
  );

  it("without any data is extended to what one observation says", () => {
    const empty = {
      count: 0,
      dimension: 1,
      inputs: new Float64Array(0),
      values: new Float64Array(0),
      variances: new Float64Array(0),
    };
    const hyper = { terms: [oneTerm("rbf", [1], 1)], noise: 0.25, mean: 0 };
    const gp = conditionOn(empty, hyper, "rbf") as GaussianProcess;
    const { mean, variance } = predictorOf(extendBy(gp, Float64Array.of(0.5), 2))(Float64Array.of(0.5));
    expect(mean).toBeCloseTo(2 / 1.25, 14);
    expect(variance).toBeCloseTo(1 - 1 / 1.25, 14);
  });

  property.prop([seeds, counts, dimensions])(
    "has gradients that are central differences",
    (seed, count, dimension) => {
      const predict = predictorOf(randomProcess(seed, count, dimension));
      const at = [...randomPoints(seed, 1, dimension)];
      const deriveMean = (x: Float64Array, gradient: Float64Array): number => {
        const { mean, meanGradient } = predict(x, 0, true);
        gradient.set(meanGradient);
        return mean;
      };
      const deriveVariance = (x: Float64Array, gradient: Float64Array): number => {
        const { variance, varianceGradient } = predict(x, 0, true);
        gradient.set(varianceGradient);
        return variance;
      };
      expect(gradientError(deriveMean, (x) => predict(x).mean, at)).toBeLessThan(1e-3);
      expect(gradientError(deriveVariance, (x) => predict(x).variance, at)).toBeLessThan(1e-3);
    },
  );

  property.prop([seeds, counts, dimensions])(
    "has the fitted means that it predicts at its inputs",
    (seed, count, dimension) => {
      const gp = randomProcess(seed, count, dimension);
      const predict = predictorOf(gp);
      const predicted = gp.data.values.map((_, i) => predict(gp.data.inputs, i * dimension).mean);
      expect(largestDifference(fittedMeans(gp), predicted)).toBeLessThan(1e-10);
    },
  );

  property.prop([seeds, counts, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })])(
    "at zero of its rest answers as when it is asked with zeros",
    (seed, count, kept, rest) => {
      const gp = randomProcess(seed, count, kept + rest);
      const fewer = atZeroOfRest(gp, kept);
      const points = randomPoints(seed, 4, kept);
      const padded = new Float64Array(4 * (kept + rest));
      for (let p = 0; p < 4; p++) padded.set(points.subarray(p * kept, (p + 1) * kept), p * (kept + rest));
      const all = [0, 1, 2, 3];
      expect(largestDifference(variancesAt(fewer, points, all), variancesAt(gp, padded, all))).toBeLessThan(
        1e-12,
      );
      const [own, whole] = [overviewOf(fewer, points), overviewOf(gp, padded)];
      expect(largestDifference(meansAt(fewer, points), meansAt(gp, padded))).toBeLessThan(1e-12);
      expect(largestDifference(own.bounds, whole.bounds)).toBeLessThan(1e-12);
      const input = points.subarray(0, kept);
      const larger = extendBy(fewer, input, -1);
      const largerWhole = extendBy(gp, padded.subarray(0, kept + rest), -1);
      const last = predictorOf(larger)(points, 3 * kept, true);
      const lastWhole = predictorOf(largerWhole)(padded, 3 * (kept + rest), true);
      expect(last.mean).toBeCloseTo(lastWhole.mean, 10);
      expect(largestDifference(last.meanGradient, lastWhole.meanGradient.subarray(0, kept))).toBeLessThan(
        1e-9,
      );
      expect(largestDifference(fittedMeans(larger), fittedMeans(largerWhole))).toBeLessThan(1e-9);
    },
  );
});
