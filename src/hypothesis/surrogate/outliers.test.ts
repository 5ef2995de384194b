import { describe, expect, it } from "vitest";
import { conditioned, measured, onlyTerm } from "../../../test/support/processes.ts";
import { randomStream } from "../../base/random.ts";
import { tuningLayout } from "./covariance/tuning.ts";
import { type FittedProcess, fitGaussianProcess, USUAL_KERNELS } from "./fit-gaussian-process.ts";
import { type GaussianProcess, type TrainingData } from "./gaussian-process.ts";
import { leaveOneOut } from "./leave-one-out.ts";
import { negativeLogPosterior } from "./marginal-likelihood.ts";
import { damped, outliersOf } from "./outliers.ts";
import { predictorOf } from "./prediction.ts";

const wave = ([x = 0]: readonly number[]): number => Math.sin(6 * x);

function fitted(data: TrainingData): GaussianProcess {
  const groups = Int32Array.of(0);
  const random = randomStream(4, 0, "fit");
  const [best] = fitGaussianProcess(data, { kernels: USUAL_KERNELS, groups, random });
  return (best as FittedProcess).process;
}

function withWrongValue(data: TrainingData, row: number, by: number): TrainingData {
  return { ...data, values: data.values.map((value, i) => (i === row ? value + by : value)) };
}

const clean = (seed: number, count = 30): TrainingData =>
  measured({ count, dimension: 1, seed, noise: 0.05, value: wave });

describe("outliers", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("are found where one value is wrong (seed %d)", (seed) => {
    const found = outliersOf(fitted(withWrongValue(clean(seed), 11, seed % 2 === 0 ? 3 : -3)));
    // A close neighbour is predicted from the wrong value, so that it may be suspected too, but less.
    expect(found[0]?.row).toBe(11);
    expect(found.length).toBeLessThanOrEqual(2);
    expect(Math.sign(found[0]?.deviation as number)).toBe(seed % 2 === 0 ? 1 : -1);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("aren't found in data with normal noise (seed %d)", (seed) => {
    expect(outliersOf(fitted(clean(seed)))).toEqual([]);
  });

  it("aren't looked for among fewer than ten values", () => {
    const nine = fitted(withWrongValue(clean(1, 9), 3, 1000));
    expect(outliersOf(nine)).toEqual([]);
  });

  it("are at most a tenth of the data, the worst first", () => {
    let data = clean(2, 30);
    for (const row of [2, 7, 12, 17, 22, 27]) data = withWrongValue(data, row, row % 2 === 0 ? 20 : -20);
    // A tuning under which all six are impossible.
    const tuning = { kernel: "rbf", lengths: [0.2], signal: 0.5, noise: 0.0025, mean: 0 } as const;
    const found = outliersOf(conditioned(data, tuning));
    expect(found).toHaveLength(3);
    const deviations = found.map(({ deviation }) => Math.abs(deviation));
    expect(deviations).toEqual([...deviations].sort((a, b) => b - a));
  });

  it("deviate as much as when they are left out", () => {
    const gp = fitted(withWrongValue(clean(3), 20, 4));
    const [outlier] = outliersOf(gp);
    const { means, sds } = leaveOneOut(gp);
    const miss = (gp.data.values[20] as number) - (means[20] as number);
    expect(outlier?.deviation).toBeCloseTo(miss / (sds[20] as number), 8);
  });

  it("get the variance under which the data are most probable", () => {
    const gp = fitted(withWrongValue(clean(3), 20, 4));
    const [outlier] = outliersOf(gp);
    if (outlier === undefined) throw new Error("none was found");
    const { hyper, kernel, data } = gp;
    const { lengths, signal } = onlyTerm(hyper);
    const layout = tuningLayout({ kernel, groups: Int32Array.of(0) });
    const x = Float64Array.of(
      Math.log(lengths[0] as number),
      Math.log(signal),
      Math.log(hyper.noise),
      hyper.mean,
    );
    const lossWith = (excess: number): number => {
      const own = damped(data, [{ ...outlier, excess }]);
      return negativeLogPosterior(own, layout, [])(x, new Float64Array(4));
    };
    const least = lossWith(outlier.excess);
    expect(least).toBeLessThan(lossWith(0) - 1);
    expect(least).toBeLessThan(lossWith(1.1 * outlier.excess));
    expect(least).toBeLessThan(lossWith(0.9 * outlier.excess));
  });

  it("have no say once they are damped", () => {
    const data = clean(5);
    const wrong = withWrongValue(data, 11, 3);
    const gp = fitted(damped(wrong, outliersOf(fitted(wrong))));
    const predict = predictorOf(gp);
    for (let i = 0; i < data.count; i++) {
      const x = data.inputs[i] as number;
      // Noise of 0.05; a wrong value that counted would move its neighbours by a tenth of 3 or more.
      expect(Math.abs(predict(data.inputs, i).mean - Math.sin(6 * x))).toBeLessThan(0.12);
    }
  });

  it("damped leave the variances of all others", () => {
    const data = { ...clean(1, 12), variances: new Float64Array(12).fill(0.5) };
    const { variances } = damped(data, [{ row: 4, deviation: 9, excess: 2 }]);
    expect([...variances]).toEqual([...data.variances].map((each, i) => (i === 4 ? 2.5 : each)));
    expect(data.variances[4]).toBe(0.5);
  });
});
