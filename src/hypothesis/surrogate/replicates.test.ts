import { describe, expect, it } from "vitest";
import { conditioned } from "../../../test/support/processes.ts";
import { type TrainingData } from "./gaussian-process.ts";
import { predictorOf } from "./prediction.ts";
import { mergeReplicates } from "./replicates.ts";

function data(
  inputs: readonly number[],
  values: readonly number[],
  variances?: readonly number[],
): TrainingData {
  return {
    count: values.length,
    dimension: 1,
    inputs: Float64Array.from(inputs),
    values: Float64Array.from(values),
    variances: Float64Array.from(variances ?? values.map(() => 0)),
  };
}

describe("replicates", () => {
  it("become their mean, with the variance of a mean", () => {
    // Squares within: 2 + 8 of three degrees of freedom together, so that the pooled variance is 10/3.
    const { data: merged, rowOf } = mergeReplicates(data([0.1, 0.5, 0.1, 0.5, 0.9, 0.1], [1, 5, 2, 9, 7, 3]));
    expect([...merged.inputs]).toEqual([0.1, 0.5, 0.9]);
    expect([...merged.values]).toEqual([2, 7, 7]);
    expect([...rowOf]).toEqual([0, 1, 0, 1, 2, 0]);
    const pooled = 10 / 3;
    expect(merged.variances[0]).toBeCloseTo((4 * pooled + 2) / 6 / 3, 14);
    expect(merged.variances[1]).toBeCloseTo((4 * pooled + 8) / 5 / 2, 14);
    expect(merged.variances[2]).toBeCloseTo(pooled, 14);
  });

  it("of known variance are weighed by its inverse", () => {
    const { data: merged } = mergeReplicates(data([0, 0, 1, 1, 1], [10, 20, 1, 2, 3], [1, 4, 0.5, 0.5, 0.5]));
    expect(merged.values[0]).toBeCloseTo((10 + 20 / 4) / 1.25, 14);
    expect(merged.variances[0]).toBeCloseTo(1 / 1.25, 14);
    expect(merged.values[1]).toBeCloseTo(2, 14);
    expect(merged.variances[1]).toBeCloseTo(0.5 / 3, 14);
  });

  it("of known noise leave the posterior as it is", () => {
    const whole = data(
      [0.2, 0.2, 0.2, 0.7, 0.7, 0.9],
      [1, 1.4, 0.9, 3, 3.3, 2],
      [0.1, 0.2, 0.1, 0.3, 0.1, 0.2],
    );
    const tuning = { kernel: "matern52", lengths: [0.4], signal: 2, noise: 0, mean: 1 } as const;
    const before = predictorOf(conditioned(whole, tuning));
    const { data: merged } = mergeReplicates(whole);
    expect(merged.count).toBe(3);
    const after = predictorOf(conditioned(merged, tuning));
    for (const x of [0, 0.2, 0.45, 0.7, 1]) {
      const at = Float64Array.of(x);
      expect(after(at).mean).toBeCloseTo(before(at).mean, 10);
      expect(after(at).variance).toBeCloseTo(before(at).variance, 10);
    }
  });

  it("stay as they are where fewer than three repeats can't tell the noise", () => {
    const few = data([0, 0, 1, 1], [1, 2, 3, 4]);
    const merged = mergeReplicates(few);
    expect(merged.data).toBe(few);
    expect([...merged.rowOf]).toEqual([0, 1, 2, 3]);
  });
});
