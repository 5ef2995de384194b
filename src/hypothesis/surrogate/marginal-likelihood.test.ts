import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gradientError } from "../../../test/support/choices.ts";
import { measured, randomPoints } from "../../../test/support/processes.ts";
import { correlation, type Shape } from "./covariance/kernel.ts";
import { type LogPrior, priorsFor, type TuningLayout, tuningLayout } from "./covariance/tuning.ts";
import { negativeLogPosterior } from "./marginal-likelihood.ts";

const KERNELS: readonly Shape[] = ["matern52", "matern32", "rbf"];

describe("the negative logarithm of the posterior", () => {
  it.each(KERNELS)("of two values with kernel %s is what two eigenvalues give", (kernel) => {
    const data = {
      count: 2,
      dimension: 1,
      inputs: Float64Array.of(0.1, 0.6),
      values: Float64Array.of(10, 14),
      variances: new Float64Array(2),
    };
    const options = tuningLayout({ kernel, groups: Int32Array.of(0) });
    const [length, signal, noise, mean] = [0.3, 1.4, 0.2, 0.25];
    const value = negativeLogPosterior(
      data,
      options,
      [],
    )(Float64Array.of(Math.log(length), Math.log(signal), Math.log(noise), mean), new Float64Array(4));
    // Standardised the values are ∓1/√2; sum and difference of the residuals are eigenvectors.
    const shared = signal * correlation(kernel, (0.5 / length) ** 2);
    const [sum, difference] = [signal + noise + shared, signal + noise - shared];
    expect(value).toBeCloseTo(
      0.5 * (Math.log(sum * difference) + (2 * mean * mean) / sum + 1 / difference),
      12,
    );
  });

  it("saves itself the gradient where the value is more than what is asked for", () => {
    const data = measured({ count: 9, dimension: 1, seed: 3, value: ([x = 0]) => Math.sin(6 * x) });
    const layout = tuningLayout({ kernel: "matern52", groups: Int32Array.of(0) });
    const priors = priorsFor(layout, data);
    const at = Float64Array.from(priors, ({ start }) => start);
    const objective = negativeLogPosterior(data, layout, priors);
    const untouched = new Float64Array(at.length).fill(7);
    const value = objective(at, untouched, -Infinity);
    expect([...untouched]).toEqual([...at].map(() => 7));
    const gradient = new Float64Array(at.length);
    expect(objective(at, gradient, value)).toBe(value);
    const always = new Float64Array(at.length);
    expect(objective(at, always)).toBe(value);
    expect(gradient).toEqual(always);
  });

  property.prop([
    fc.constantFrom(...KERNELS),
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 2, max: 12 }),
  ])("has the gradient of central differences", (kernel, seed, count) => {
    const random = randomPoints(seed, count + 6, 1);
    const data = {
      ...measured({
        count,
        dimension: 3,
        seed,
        value: (x) => Math.sin(5 * (x[0] as number)) + (x[2] as number),
      }),
      variances: random.subarray(0, count).map((each) => 0.1 * each),
    };
    // The first and the last feature share a length.
    const layout = tuningLayout({ kernel, groups: Int32Array.of(0, 1, 0) });
    const objective = negativeLogPosterior(data, layout, priorsFor(layout, data));
    const at = [...random.subarray(count, count + 5)].map((each) => 2 * each - 1.5);
    const value = (x: Float64Array): number => objective(x, new Float64Array(5));
    expect(gradientError((x, gradient) => objective(x, gradient), value, at)).toBeLessThan(1e-4);
  });

  it("counts a penalty as a normal and an exponential density do", () => {
    const data = measured({ count: 4, dimension: 1, seed: 2, value: ([x = 0]) => x });
    const options = tuningLayout({ kernel: "rbf", groups: Int32Array.of(0) });
    const prior: LogPrior = { centre: 0.5, spread: 2, tilt: 3, minimum: -9, maximum: 9, start: 0 };
    const x = Float64Array.of(1.5, 0, -3, 0);
    const plain = negativeLogPosterior(data, options, [])(x, new Float64Array(4));
    const penalised = negativeLogPosterior(data, options, [prior])(x, new Float64Array(4));
    expect(penalised - plain).toBeCloseTo(0.5 * (1 / 2) ** 2 + 3 * 1.5, 12);
  });

  it("has no value where the covariance has no factor", () => {
    const data = measured({ count: 3, dimension: 1, seed: 2, value: ([x = 0]) => x });
    const options = tuningLayout({ kernel: "rbf", groups: Int32Array.of(0) });
    const objective = negativeLogPosterior(data, options, []);
    expect(objective(Float64Array.of(0, Number.NaN, -3, 0), new Float64Array(4))).toBe(Infinity);
  });
});

function layoutOver(groups: number): TuningLayout {
  return tuningLayout({ kernel: "rbf", groups: Int32Array.from({ length: groups }, (_, k) => k) });
}

describe("priors", () => {
  it("expect longer lengths in more dimensions, by the root of their number", () => {
    const data = measured({ count: 3, dimension: 1, seed: 1, value: ([x = 0]) => x });
    const centreOf = (groups: number): number => priorsFor(layoutOver(groups), data)[0]?.centre as number;
    expect(Math.exp(centreOf(16) - centreOf(1))).toBeCloseTo(4, 12);
  });

  it("expect little noise beyond what is known of every value", () => {
    const data = measured({ count: 3, dimension: 1, seed: 1, value: ([x = 0]) => x });
    const noiseOf = (variances: Float64Array): number =>
      priorsFor(layoutOver(1), { ...data, variances })[2]?.centre as number;
    expect(noiseOf(Float64Array.of(1, 1, 1))).toBeLessThan(noiseOf(Float64Array.of(1, 0, 1)));
  });
});
