import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { randomPoints, randomProcess } from "../../../../test/support/processes.ts";
import { predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import type { RankedRow } from "./acquisition.ts";
import { bestRows, type Foresight, foresightOf, type Worth, type Worths } from "./best-rows.ts";

const seeds = fc.integer({ min: 1, max: 5000 });

function members(seed: number, models: number) {
  return Array.from({ length: models }, (_, m) => ({
    process: randomProcess(seed + 7919 * m, 3 + ((seed + m) % 8), 2),
    logParameters: [],
    logPosterior: 0,
    weight: 1 / models,
  }));
}

/** Every row valued, then sorted. */
function exhaustive(
  models: ReturnType<typeof members>,
  points: Float64Array,
  { worth, adjust = (value) => value }: Worths,
): RankedRow[] {
  const predictors = models.map(({ process }) => predictorOf(process));
  const ranked = Array.from({ length: points.length / 2 }, (_, row) => {
    const predictions = predictors.map((predict) => {
      const { mean, variance } = predict(points, 2 * row);
      return { mean, sd: Math.sqrt(variance) };
    });
    const value = worth(
      predictions.map(({ mean }) => mean),
      predictions.map(({ sd }) => sd),
    );
    return { row, value: adjust(value, row) };
  });
  return ranked.sort((a, b) => b.value - a.value || a.row - b.row);
}

const bound =
  (beta: number): Worth =>
  (means, sds) => {
    let sum = 0;
    for (let m = 0; m < means.length; m++) sum += (means[m] as number) + beta * (sds[m] as number);
    return sum;
  };

function expectSame(found: readonly RankedRow[], wanted: readonly RankedRow[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [k, { row, value }] of found.entries()) {
    expect(row).toBe(wanted[k]?.row);
    expect(value).toBeCloseTo(wanted[k]?.value as number, 9);
  }
}

describe("the best rows", () => {
  property.prop([
    seeds,
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom(0, 0.3, 1, 3),
    fc.integer({ min: 1, max: 9 }),
  ])("are those of ranking all", (seed, models, beta, most) => {
    const own = members(seed, models);
    const points = randomPoints(seed, 300, 2);
    const worths = { worth: bound(beta) };
    const found = bestRows(
      own.map(foresightOf),
      { count: 300, dimension: 2, features: points },
      most,
      worths,
    );
    expectSame(found, exhaustive(own, points, worths).slice(0, most));
  });

  property.prop([seeds])("are those of ranking all when what rows are worth is adjusted", (seed) => {
    const own = members(seed, 2);
    const points = randomPoints(seed, 200, 2);
    // A tenth of the rows are worth nothing, others a part.
    const worths: Worths = {
      worth: bound(1),
      adjust: (value, row) => (row % 10 === 3 ? -Infinity : value - (row % 7)),
    };
    const found = bestRows(own.map(foresightOf), { count: 200, dimension: 2, features: points }, 5, worths);
    expectSame(found, exhaustive(own, points, worths).slice(0, 5));
  });

  property.prop([seeds])("are those of ranking all when a quicker bound orders the search", (seed) => {
    const own = members(seed, 1);
    const points = randomPoints(seed, 200, 2);
    const worths: Worths = { worth: bound(0.5), bound: bound(2) };
    const found = bestRows(own.map(foresightOf), { count: 200, dimension: 2, features: points }, 5, worths);
    expectSame(found, exhaustive(own, points, worths).slice(0, 5));
  });

  it("are all rows where more are wanted", () => {
    const own = members(5, 1);
    const points = randomPoints(5, 6, 2);
    const worths = { worth: bound(1) };
    const found = bestRows(own.map(foresightOf), { count: 6, dimension: 2, features: points }, 99, worths);
    expect(found).toHaveLength(6);
    expectSame(found, exhaustive(own, points, worths));
  });

  it("put rows without a worth last", () => {
    const own = members(5, 1);
    const points = randomPoints(5, 4, 2);
    const worths: Worths = { worth: bound(1), adjust: (value, row) => (row === 2 ? Number.NaN : value) };
    const found = bestRows(own.map(foresightOf), { count: 4, dimension: 2, features: points }, 4, worths);
    expect(found[3]).toEqual({ row: 2, value: -Infinity });
  });

  it("of equal worth are the first", () => {
    const own = members(5, 1);
    const features = Float64Array.from({ length: 20 }, () => 0.5);
    const found = bestRows(own.map(foresightOf), { count: 10, dimension: 2, features }, 3, {
      worth: bound(1),
    });
    expect(found.map(({ row }) => row)).toEqual([0, 1, 2]);
  });

  it("are found without a variance for most rows", () => {
    let asked = 0;
    const [only] = members(11, 1).map(foresightOf) as [Foresight];
    const counting: Foresight = {
      ...only,
      variances: (points, rows) => {
        asked += rows.length;
        return only.variances(points, rows);
      },
    };
    const points = randomPoints(11, 5000, 2);
    bestRows([counting], { count: 5000, dimension: 2, features: points }, 2, { worth: bound(0.25) });
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(2500);
  });
});
