import { describe, expect, it } from "vitest";
import type { ExperimentRecord } from "../../record/export/experiment-record.ts";
import { calibrationOf, usualCounts } from "./calibration.ts";

interface Case {
  readonly mean?: number;
  readonly sd?: number;
  readonly measured?: number;
  readonly noise?: number;
}

function record(number: number, { mean, sd = 1, measured, noise = 0 }: Case): ExperimentRecord {
  const values =
    measured === undefined ? {} : { y: { value: measured, unit: "K", standardUncertainty: noise } };
  return {
    number,
    setting: {},
    reasons: {
      method: "random",
      predicted: mean === undefined ? {} : { y: { mean, sd } },
      perHypothesis: [],
    },
    suggestedAt: "",
    endedAt: "",
    refused: [],
    actions: [],
    values,
    unusable: [],
    state: measured === undefined ? "failed" : "measured",
  };
}

describe("a calibration", () => {
  it("counts what lies within 50 and 90 % intervals, with the noise of what was measured", () => {
    const cases = [
      { mean: 0, sd: 3, noise: 4, measured: 3 },
      { mean: 0, sd: 1, noise: 0, measured: 1.5 },
      { mean: 0, sd: 1, measured: -2 },
      { measured: 7 },
      { mean: 1 },
    ];
    const { predictions, coverage, rms, noiseKnown } = calibrationOf(
      { name: "y", unit: "K" },
      cases.map((each, i) => record(i + 1, each)),
    );
    expect(predictions.map(({ sd, residual }) => [sd, residual])).toEqual([
      [5, 0.6],
      [1, 1.5],
      [1, -2],
    ]);
    // Half of a normal distribution lies within 0.674 sd, nine tenths within 1.645.
    expect(coverage.map(({ within, of }) => [within, of])).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(rms).toBeCloseTo(Math.sqrt((0.36 + 2.25 + 4) / 3), 12);
    expect(noiseKnown).toBe(false);
  });

  it("takes the declared noise where a result has none of its own", () => {
    const { predictions, noiseKnown } = calibrationOf({ name: "y", unit: "K", noise: 4 }, [
      record(1, { mean: 0, sd: 3, measured: 5 }),
    ]);
    expect(predictions[0]?.residual).toBe(1);
    expect(noiseKnown).toBe(true);
  });
});

it.each([
  // Quantiles of the binomial distribution, as tables have them.
  [10, 0.5, [2, 8]],
  [20, 0.9, [15, 20]],
  [100, 0.5, [40, 60]],
  [0, 0.9, [0, 0]],
] as const)("of %i trials of probability %f between %j are usual", (n, probability, counts) => {
  expect(usualCounts(n, probability)).toEqual(counts);
});
