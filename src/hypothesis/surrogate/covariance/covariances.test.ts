import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gradientError } from "../../../../test/support/choices.ts";
import { measured, randomPoints } from "../../../../test/support/processes.ts";
import { randomStream } from "../../../base/random.ts";
import { covariancesWith } from "../covariances-with.ts";
import { fitGaussianProcess } from "../fit-gaussian-process.ts";
import { atZeroOfRest, conditionOn, extendBy, type GaussianProcess } from "../gaussian-process.ts";
import { negativeLogPosterior } from "../marginal-likelihood.ts";
import { overviewOf, variancesAt } from "../overview.ts";
import { predictorOf } from "../prediction.ts";
import { samplePathOf } from "../sample-path.ts";
import { warpedFeature } from "./input-warp.ts";
import { correlation, type Kernel, type KernelFactor } from "./kernel.ts";
import {
  type HyperParameters,
  hyperParametersOf,
  priorsFor,
  type TunedFactor,
  tuningLayout,
} from "./tuning.ts";

const DIMENSION = 3;
const GROUPS = Int32Array.of(0, 1, 0);

const factors: fc.Arbitrary<KernelFactor> = fc.record(
  {
    kind: fc.constantFrom<KernelFactor["kind"]>("matern52", "matern32", "rbf", "linear", "periodic"),
    features: fc.constantFrom([0], [1, 2], [0, 1, 2]),
  },
  { requiredKeys: ["kind"] },
);
const kernels: fc.Arbitrary<Kernel> = fc.array(fc.array(factors, { minLength: 1, maxLength: 2 }), {
  minLength: 1,
  maxLength: 2,
});
const warps = fc.constantFrom<readonly number[]>([], [0, 2]);
const seeds = fc.integer({ min: 1, max: 5000 });

/** k(x, x') as its definition says. */
function covariance(hyper: HyperParameters, a: readonly number[], b: readonly number[]): number {
  const warped = (x: readonly number[]): number[] =>
    x.map((value, k) => {
      const warp = hyper.warps?.find(({ feature }) => feature === k);
      return warp === undefined ? value : warpedFeature(warp, value).value;
    });
  const [u, v] = [warped(a), warped(b)];
  return hyper.terms.reduce(
    (sum, term) => sum + term.factors.reduce((product, each) => product * factorAt(each, u, v), term.signal),
    0,
  );
}

function factorAt(
  { kind, features, lengths, periods }: TunedFactor,
  u: readonly number[],
  v: readonly number[],
): number {
  const summed = (each: (a: number, b: number, k: number) => number): number =>
    [...features].reduce((sum, at, k) => sum + each(u[at] as number, v[at] as number, k), 0);
  const length = (k: number): number => lengths[k] as number;
  if (kind === "linear") return summed((a, b, k) => ((a - 0.5) * (b - 0.5)) / length(k) ** 2);
  if (kind === "periodic") {
    const half = (a: number, b: number, k: number): number =>
      Math.sin((Math.PI * (a - b)) / (periods?.[k] as number)) / length(k);
    return Math.exp(-2 * summed((a, b, k) => half(a, b, k) ** 2));
  }
  return correlation(
    kind,
    summed((a, b, k) => ((a - b) / length(k)) ** 2),
  );
}

interface Drawn {
  readonly gp: GaussianProcess;
  readonly hyper: HyperParameters;
  readonly x: Float64Array;
  readonly layout: ReturnType<typeof tuningLayout>;
}

function drawn(kernel: Kernel, warped: readonly number[], seed: number): Drawn {
  const layout = tuningLayout({ kernel, groups: GROUPS, warped });
  const random = randomStream(seed, 0, "tuning");
  const data = measured({ count: 5, dimension: DIMENSION, seed, value: () => random.normal() });
  const x = Float64Array.from({ length: layout.size }, () => 0.5 * random.normal() - 0.3);
  const hyper = hyperParametersOf(layout, x);
  return { gp: conditionOn(data, hyper, kernel) as GaussianProcess, hyper, x, layout };
}

const rowsOf = (points: Float64Array): number[][] =>
  Array.from({ length: points.length / DIMENSION }, (_, p) => [
    ...points.subarray(p * DIMENSION, (p + 1) * DIMENSION),
  ]);

describe("sums of products of kernels", () => {
  property.prop([kernels, warps, seeds])("are what they are defined as", (kernel, warped, seed) => {
    const { gp, hyper } = drawn(kernel, warped, seed);
    const points = randomPoints(seed, 2, DIMENSION);
    const into = new Float64Array(5);
    const [point = []] = rowsOf(points);
    expect(gp.covariances.write(into, 5, points)).toBeCloseTo(covariance(hyper, point, point), 10);
    for (const [i, row] of rowsOf(gp.data.inputs).entries())
      expect(into[i]).toBeCloseTo(covariance(hyper, point, row), 10);
  });

  property.prop([kernels, warps, seeds])(
    "give a posterior with the gradient of central differences",
    (kernel, warped, seed) => {
      const { gp, x, layout } = drawn(kernel, warped, seed);
      const objective = negativeLogPosterior(gp.data, layout, priorsFor(layout, gp.data));
      const value = (at: Float64Array): number => objective(at, new Float64Array(layout.size));
      expect(gradientError((at, gradient) => objective(at, gradient), value, [...x])).toBeLessThan(1e-4);
    },
  );

  property.prop([kernels, warps, seeds])(
    "predict with the gradients of central differences",
    (kernel, warped, seed) => {
      const { gp } = drawn(kernel, warped, seed);
      const predict = predictorOf(gp);
      const at = [...randomPoints(seed, 1, DIMENSION)];
      for (const [what, slope] of [
        ["mean", "meanGradient"],
        ["variance", "varianceGradient"],
      ] as const) {
        const derive = (x: Float64Array, gradient: Float64Array): number => {
          const prediction = predict(x, 0, true);
          gradient.set(prediction[slope]);
          return prediction[what];
        };
        // Differences of what is left of a variance cancel.
        const scale = Math.max(1, gp.covariances.variance(Float64Array.from(at)));
        expect(gradientError(derive, (x) => predict(x)[what], at) / scale).toBeLessThan(1e-3);
      }
    },
  );

  property.prop([kernels, warps, seeds])(
    "are extended by what conditioning gives",
    (kernel, warped, seed) => {
      const { gp, hyper } = drawn(kernel, warped, seed);
      const input = randomPoints(seed, 1, DIMENSION);
      const longer = extendBy(gp, input, 0.7);
      const { data } = longer;
      const again = conditionOn({ ...data, values: data.values }, hyper, kernel) as GaussianProcess;
      const lower = (each: GaussianProcess): number[] => [...each.factor.lower];
      for (const [i, value] of lower(longer).entries())
        expect(value).toBeCloseTo(lower(again)[i] as number, 8);
    },
  );

  property.prop([kernels, warps, seeds])(
    "have an overview and joint expectations like the predictions",
    (kernel, warped, seed) => {
      const { gp } = drawn(kernel, warped, seed);
      const points = randomPoints(seed, 4, DIMENSION);
      const predict = predictorOf(gp);
      const { means, bounds } = overviewOf(gp, points);
      const variances = variancesAt(gp, points, [0, 1, 2, 3]);
      const joint = covariancesWith(gp, points);
      for (let p = 0; p < 4; p++) {
        const { mean, variance } = predict(points, p * DIMENSION);
        const tolerance = 1e-7 * Math.max(1, bounds[p] as number);
        expect(means[0]?.[p]).toBeCloseTo(mean, 8);
        expect(Math.abs((variances[p] as number) - variance)).toBeLessThan(tolerance);
        expect(bounds[p] as number).toBeGreaterThan(variance - tolerance);
        const own = joint(points, p * DIMENSION);
        expect(own.mean).toBeCloseTo(mean, 8);
        expect(Math.abs((own.covariances[p] as number) - variance)).toBeLessThan(tolerance);
      }
    },
  );

  property.prop([kernels, seeds])("at zero of the last features are what they are there", (kernel, seed) => {
    const { gp } = drawn(kernel, [], seed);
    const [a = 0, b = 0] = randomPoints(seed, 1, 2);
    const whole = predictorOf(gp)(Float64Array.of(a, b, 0));
    const part = predictorOf(atZeroOfRest(gp, 2))(Float64Array.of(a, b));
    expect([part.mean, part.variance]).toEqual([whole.mean, whole.variance]);
  });

  it.each<[string, Kernel, readonly number[]]>([
    ["a line", [[{ kind: "linear" }]], []],
    ["a wave within a hill", [[{ kind: "periodic", features: [0] }, { kind: "rbf" }]], []],
    [
      "a line times a hill, and a hill",
      [[{ kind: "linear", features: [1] }, { kind: "matern52" }], [{ kind: "rbf" }]],
      [],
    ],
    ["a warped hill", "matern52", [0, 1, 2]],
  ])("of %s draw functions of its mean and variance", (_, kernel, warped) => {
    const { gp } = drawn(kernel, warped, 7);
    const at = Float64Array.of(0.6, 0.3, 0.8);
    const { mean, variance } = predictorOf(gp)(at);
    const draws = Array.from({ length: 500 }, (__, k) =>
      samplePathOf(gp, randomStream(5, k, "path")).value(at),
    );
    const centre = draws.reduce((a, b) => a + b, 0) / draws.length;
    const spread = draws.reduce((sum, each) => sum + (each - centre) ** 2, 0) / draws.length;
    // Four standard errors, and what a thousand waves leave out.
    expect(Math.abs(centre - mean)).toBeLessThan(4 * Math.sqrt(variance / draws.length));
    expect(Math.abs(spread / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / draws.length) + 0.05);
    const path = samplePathOf(gp, randomStream(6, 0, "path"));
    expect(gradientError(path.derive, path.value, [...at])).toBeLessThan(1e-3);
  });
});

describe("a fit", () => {
  const random = (): ReturnType<typeof randomStream> => randomStream(1, 0, "fit");
  const far = Float64Array.of(1);

  it("of a line by a linear kernel goes on beyond the data", () => {
    const data = measured({ count: 8, dimension: 1, seed: 3, noise: 0.01, value: ([x = 0]) => 3 * x });
    const half = { ...data, inputs: data.inputs.map((x) => x / 2), values: data.values.map((y) => y / 2) };
    const beyond = (kernel: Kernel): number => {
      const [best] = fitGaussianProcess(half, {
        kernels: [kernel],
        groups: Int32Array.of(0),
        random: random(),
      });
      return predictorOf((best as { process: GaussianProcess }).process)(far).mean;
    };
    expect(Math.abs(beyond([[{ kind: "linear" }]]) - 3)).toBeLessThan(0.1);
  });

  it("of a wave finds its period", () => {
    const data = measured({
      count: 14,
      dimension: 1,
      seed: 5,
      value: ([x = 0]) => Math.sin((2 * Math.PI * x) / 0.3),
    });
    const options = { kernels: [[[{ kind: "periodic" }]]] as Kernel[], groups: Int32Array.of(0) };
    const [best] = fitGaussianProcess(data, { ...options, random: random() });
    const period = best?.process.hyper.terms[0]?.factors[0]?.periods?.[0] ?? 0;
    // What comes round after 0.3 also comes round after 0.6.
    expect(Math.abs(period / 0.3 - Math.round(period / 0.3))).toBeLessThan(0.01);
    expect(period).toBeGreaterThan(0.2);
  });

  it("with warped inputs predicts what changes at one end only better than one without", () => {
    const value = ([x = 0]: readonly number[]): number => Math.sin(30 * x ** 6);
    const data = measured({ count: 16, dimension: 1, seed: 2, value });
    const test = measured({ count: 200, dimension: 1, seed: 9, value });
    const missed = (warped: readonly number[]): number => {
      const options = { kernels: ["rbf"] as Kernel[], groups: Int32Array.of(0), warped };
      const [best] = fitGaussianProcess(data, { ...options, random: random() });
      const predict = predictorOf((best as { process: GaussianProcess }).process);
      return test.values.reduce((sum, y, i) => sum + (predict(test.inputs, i).mean - y) ** 2, 0);
    };
    expect(missed([0])).toBeLessThan(0.5 * missed([]));
  });
});

describe("a warp of a feature", () => {
  property.prop([
    fc.double({ min: -1.5, max: 1.5, noNaN: true }),
    fc.double({ min: -1.5, max: 1.5, noNaN: true }),
  ])("rises from 0 to 1 with the derivatives of central differences", (lnA, lnB) => {
    const at = (x: number, a = lnA, b = lnB): number => warpedFeature({ lnA: a, lnB: b }, x).value;
    expect(at(0)).toBeLessThan(0.25);
    expect(at(1)).toBeGreaterThan(0.75);
    const step = 1e-6;
    const { byX, byLnA, byLnB } = warpedFeature({ lnA, lnB }, 0.4);
    expect(byX).toBeCloseTo((at(0.4 + step) - at(0.4 - step)) / (2 * step), 5);
    expect(byLnA).toBeCloseTo((at(0.4, lnA + step) - at(0.4, lnA - step)) / (2 * step), 5);
    expect(byLnB).toBeCloseTo((at(0.4, lnA, lnB + step) - at(0.4, lnA, lnB - step)) / (2 * step), 5);
  });

  it("is none where both of its numbers are 1", () => {
    for (const x of [0.1, 0.5, 0.93]) expect(warpedFeature({ lnA: 0, lnB: 0 }, x).value).toBeCloseTo(x, 12);
  });
});
