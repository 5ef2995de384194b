import { describe, expect, it } from "vitest";
import { problemOver } from "../../../test/support/choices.ts";
import { constraint } from "../../../test/support/space.ts";
import { randomStream } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { normalQuantile } from "../../numerics/index.ts";
import type { Space } from "../space/space.ts";
import { dependenceOf } from "./dependence.ts";

const { space } = problemOver(2, {});
const random = () => randomStream(1, 0, "dependence");
const same = (value: number): number => value;

describe("dependence", () => {
  it("in a sum is each of its terms, but for a constant", () => {
    const terms = [(x: number) => x * x, (x: number) => Math.sin(6 * x)] as const;
    const predicted = ({ x0, x1 }: Setting) => ({ mean: terms[0](Number(x0)) + terms[1](Number(x1)), sd: 0 });
    const found = dependenceOf(space, predicted, same, random());
    expect(found.map(({ parameter }) => parameter)).toEqual(["x0", "x1"]);
    for (const [k, { points }] of found.entries()) {
      expect(points).toHaveLength(11);
      const rests = points.map(
        ({ value, mean }) => mean - (terms[k] as (x: number) => number)(Number(value)),
      );
      expect(Math.max(...rests) - Math.min(...rests)).toBeLessThan(1e-12);
    }
  });

  it("goes from limit to limit", () => {
    const [first] = dependenceOf(space, () => ({ mean: 0, sd: 0 }), same, random());
    expect(first?.points[0]?.value).toBe(0);
    expect(first?.points.at(-1)?.value).toBeCloseTo(1, 9);
  });

  it("has intervals that hold nine in ten, in the measurement's unit", () => {
    const [first] = dependenceOf(
      space,
      () => ({ mean: 3, sd: 2 }),
      (value) => -10 * value,
      random(),
    );
    const half = 20 * normalQuantile(0.95);
    for (const { mean, lower, upper } of first?.points ?? []) {
      expect(mean).toBeCloseTo(-30, 10);
      expect(lower).toBeCloseTo(-30 - half, 10);
      expect(upper).toBeCloseTo(-30 + half, 10);
    }
  });

  it("is told for every choice", () => {
    const own: Space = {
      parameters: [{ kind: "categorical", name: "c", choices: ["a", "b", "c"] }],
      mixtures: [],
      constraints: [],
    };
    const predicted = ({ c }: Setting) => ({ mean: c === "b" ? 1 : 0, sd: 0 });
    const [only] = dependenceOf(own, predicted, same, random());
    expect(only?.points.map(({ value, mean }) => [value, Math.round(1e9 * mean) / 1e9])).toEqual([
      ["a", 0],
      ["b", 1],
      ["c", 0],
    ]);
  });

  it("averages over settings that the constraints allow", () => {
    const own: Space = { ...space, constraints: [constraint("x1 <= 0.3")] };
    const [first] = dependenceOf(own, ({ x1 }) => ({ mean: Number(x1), sd: 0 }), same, random());
    // 64 values spread evenly over 0 … 0.3: four standard errors.
    expect(Math.abs((first?.points[0]?.mean ?? 0) - 0.15)).toBeLessThan((4 * 0.3) / Math.sqrt(12 * 64));
  });
});
