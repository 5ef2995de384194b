import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { measured } from "../../../test/support/processes.ts";
import { randomStream } from "../../base/random.ts";
import { featureMap } from "../features.ts";
import type { Observation } from "../observation.ts";
import { bestAndRandom, subsetOf, trainingDataOf } from "./training-data.ts";

describe("training data", () => {
  const map = featureMap([
    { kind: "continuous", name: "x", unit: "1", minimum: 0, maximum: 10, scale: "linear" },
  ]);
  const observation = (experiment: number, outcome: Observation["outcome"]): Observation => ({
    experiment,
    setting: { x: experiment },
    outcome,
  });
  const value = (y: number, standardUncertainty = 0): Observation["outcome"] => ({
    kind: "measured",
    values: { y: { value: y, standardUncertainty } },
  });

  it("leave out failures, other measurements and what is no number", () => {
    const data = trainingDataOf(
      map,
      [
        observation(1, value(3, 0.5)),
        observation(2, { kind: "failed", reason: "spilled" }),
        observation(3, value(Number.NaN)),
        observation(4, { kind: "measured", values: { z: { value: 1, standardUncertainty: 0 } } }),
        observation(5, value(7)),
      ],
      "y",
    );
    expect(data).toEqual({
      count: 2,
      dimension: 1,
      inputs: Float64Array.of(0.1, 0.5),
      values: Float64Array.of(3, 7),
      variances: Float64Array.of(0.25, 0),
    });
  });
});

describe("rows that stand for all", () => {
  property.prop([
    fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(0, 1 / 3, 0.5, 1),
    fc.integer({ min: 0, max: 1000 }),
  ])("are as many as are wanted, with the largest values among them", (values, most, share, seed) => {
    const count = values.length;
    const data = {
      count,
      dimension: 1,
      inputs: Float64Array.from(values),
      values: Float64Array.from(values),
      variances: new Float64Array(count),
    };
    const rows = bestAndRandom(data, most, share, randomStream(seed, 0, "rows"));
    expect(rows).toHaveLength(Math.min(most, count));
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
    expect(rows.every((row) => row >= 0 && row < count)).toBe(true);
    if (count <= most) return;
    const descending = [...values].sort((a, b) => b - a);
    const chosen = rows.map((row) => values[row] as number).sort((a, b) => b - a);
    const best = Math.floor(share * most);
    expect(chosen.slice(0, best)).toEqual(descending.slice(0, best));
  });

  it("are drawn evenly where no part of them has to be the best", () => {
    const data = measured({ count: 10, dimension: 1, seed: 1, value: ([x = 0]) => x });
    const draws = 2000;
    const hits = new Float64Array(10);
    for (let k = 0; k < draws; k++)
      for (const row of bestAndRandom(data, 3, 0, randomStream(5, k, "rows")))
        hits[row] = (hits[row] as number) + 1;
    // Each row is in 3 of 10 draws; four standard deviations of that count.
    for (const each of hits) expect(Math.abs(each - 0.3 * draws)).toBeLessThan(4 * Math.sqrt(0.21 * draws));
  });

  it("keep input, value and variance together", () => {
    const data = measured({ count: 20, dimension: 2, seed: 1, value: ([a = 0, b = 0]) => a - b });
    const part = subsetOf(
      { ...data, variances: data.values.map((y) => y * y) },
      7,
      randomStream(1, 0, "rows"),
    );
    expect(part.count).toBe(7);
    for (let i = 0; i < 7; i++) {
      const value = (part.inputs[2 * i] as number) - (part.inputs[2 * i + 1] as number);
      expect(part.values[i]).toBe(value);
      expect(part.variances[i]).toBe(value * value);
    }
  });

  it("are the data themselves where these are few", () => {
    const data = measured({ count: 7, dimension: 2, seed: 1, value: ([a = 0]) => a });
    expect(subsetOf(data, 7, randomStream(1, 0, "rows"))).toBe(data);
  });
});
