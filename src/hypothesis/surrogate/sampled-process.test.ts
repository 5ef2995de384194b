import { describe, expect, it } from "vitest";
import { oneTerm } from "../../../test/support/processes.ts";
import { randomStream } from "../../base/random.ts";
import { covariancesWith } from "./covariances-with.ts";
import { conditionOn, type GaussianProcess } from "./gaussian-process.ts";
import { overviewOf } from "./overview.ts";
import { predictorOf, samplePredictorOf } from "./prediction.ts";
import { samplePathOf } from "./sample-path.ts";
import { sampledAt, unsampled } from "./sampled-process.ts";

const INPUTS = Float64Array.of(0.1, 0.2, 0.4, 0.9, 0.7, 0.3, 0.95, 0.8);

function process(noise: number): GaussianProcess {
  const data = {
    count: 4,
    dimension: 2,
    inputs: INPUTS,
    values: Float64Array.of(1, 3, 2, -1),
    variances: new Float64Array(4),
  };
  const hyper = { terms: [oneTerm("matern52", [0.4, 0.6], 1.2)], noise, mean: 0.1 };
  return conditionOn(data, hyper, "matern52") as GaussianProcess;
}

const POINTS = Float64Array.of(0.1, 0.2, 0.5, 0.5, 0.8, 0.1);
const NORMALS = Array.from({ length: 4000 }, (_, s) => {
  const random = randomStream(1, s, "normals");
  return Float64Array.from({ length: 3 }, () => random.normal());
});

describe("samples of a process", () => {
  it("have its means and covariances", () => {
    const gp = process(0.1);
    const samples = sampledAt(gp, POINTS, NORMALS).values;
    const expect0 = covariancesWith(gp, POINTS);
    for (let p = 0; p < 3; p++) {
      const { mean, variance, covariances } = expect0(POINTS, 2 * p);
      const own = samples.map((values) => values[p] as number);
      const centre = own.reduce((a, b) => a + b, 0) / own.length;
      // Four standard errors of 4000 draws.
      expect(Math.abs(centre - mean)).toBeLessThan(4 * Math.sqrt(variance / own.length));
      const with0 =
        samples.reduce(
          (sum, v) => sum + ((v[p] as number) - mean) * ((v[0] as number) - predictorOf(gp)(POINTS).mean),
          0,
        ) / own.length;
      expect(Math.abs(with0 - (covariances[0] as number))).toBeLessThan(
        4 * variance * Math.sqrt(2 / own.length) + 0.02,
      );
    }
  });

  it("know their own values without doubt", () => {
    const sampled = sampledAt(process(0.1), POINTS, NORMALS.slice(0, 5));
    const predict = samplePredictorOf(sampled);
    for (let p = 0; p < 3; p++) {
      const { means, variance } = predict(POINTS, 2 * p);
      expect(variance).toBeLessThan(1e-6);
      for (const [s, mean] of means.entries()) expect(mean).toBeCloseTo(sampled.values[s]?.[p] as number, 4);
    }
  });

  it("average to the process they are drawn from", () => {
    const gp = process(0.1);
    const at = Float64Array.of(0.6, 0.6);
    const { means, variance } = samplePredictorOf(sampledAt(gp, POINTS, NORMALS))(at);
    const mean = means.reduce((a, b) => a + b, 0) / means.length;
    const spread = means.reduce((sum, each) => sum + (each - mean) * (each - mean), 0) / means.length;
    const whole = predictorOf(gp)(at);
    expect(Math.abs(mean - whole.mean)).toBeLessThan(4 * Math.sqrt(whole.variance / means.length));
    // Law of total variance; the spread of 4000 draws is known to 1/√2000.
    expect(variance + spread).toBeCloseTo(whole.variance, 1);
  });

  it("have gradients, and bounds of their variances", () => {
    const sampled = sampledAt(process(0.05), POINTS, NORMALS.slice(0, 3));
    const predict = samplePredictorOf(sampled);
    const x = Float64Array.of(0.33, 0.71);
    const { meanGradients, varianceGradient, variance } = predict(x, 0, true);
    const [slope, byVariance] = [meanGradients[2] as number, varianceGradient[0] as number];
    const own = variance;
    const step = 1e-6;
    const moved = (by: number) => {
      const { means, variance: v } = predict(Float64Array.of(0.33 + by, 0.71));
      return [means[1] as number, v] as const;
    };
    const [up, down] = [moved(step), moved(-step)];
    expect(slope).toBeCloseTo((up[0] - down[0]) / (2 * step), 4);
    expect(byVariance).toBeCloseTo((up[1] - down[1]) / (2 * step), 4);
    const { means, bounds } = overviewOf(sampled.process, x, sampled.weights);
    expect(bounds[0]).toBeGreaterThanOrEqual(own);
    expect(means).toHaveLength(3);
  });

  it("are the process itself where nothing is drawn", () => {
    const gp = process(0.1);
    const { mean, variance } = predictorOf(gp)(POINTS, 2);
    const single = samplePredictorOf(unsampled(gp, POINTS))(POINTS, 2);
    expect(single.means[0]).toBeCloseTo(mean, 12);
    expect(single.variance).toBeCloseTo(variance, 12);
  });
});

describe("a path of a process", () => {
  it("goes through data without noise", () => {
    const path = samplePathOf(process(1e-8), randomStream(1, 0, "path"));
    for (const [i, value] of [1, 3, 2, -1].entries()) expect(path.value(INPUTS, 2 * i)).toBeCloseTo(value, 2);
  });

  it("is as likely as the process says", () => {
    const gp = process(0.1);
    const at = Float64Array.of(0.6, 0.6);
    const draws = Array.from({ length: 600 }, (_, k) =>
      samplePathOf(gp, randomStream(2, k, "path")).value(at),
    );
    const { mean, variance } = predictorOf(gp)(at);
    const centre = draws.reduce((a, b) => a + b, 0) / draws.length;
    const spread = draws.reduce((sum, each) => sum + (each - centre) * (each - centre), 0) / draws.length;
    // Four standard errors of 600 draws.
    expect(Math.abs(centre - mean)).toBeLessThan(4 * Math.sqrt(variance / 600));
    expect(Math.abs(spread / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 600));
  });

  it("has the gradient of central differences", () => {
    const path = samplePathOf(process(0.1), randomStream(3, 0, "path"));
    const gradient = new Float64Array(2);
    path.derive(Float64Array.of(0.3, 0.6), gradient);
    const step = 1e-6;
    for (const [k, by] of [
      [0, Float64Array.of(step, 0)],
      [1, Float64Array.of(0, step)],
    ] as const) {
      const at = (sign: number): number =>
        path.value(Float64Array.of(0.3 + sign * (by[0] as number), 0.6 + sign * (by[1] as number)));
      expect(gradient[k]).toBeCloseTo((at(1) - at(-1)) / (2 * step), 3);
    }
  });
});
