import { describe, expect, it } from "vitest";
import { problemOver } from "../../../test/support/choices.ts";
import { randomStream } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { Space } from "../space/space.ts";
import { importanceOf } from "./importance.ts";

const { space } = problemOver(3, {});

function indicesOf(value: (x: readonly number[]) => number, own: Space = space, seed = 1) {
  const at = (setting: Setting): number => value(own.parameters.map(({ name }) => Number(setting[name])));
  const found = importanceOf(own, at, randomStream(seed, 0, "importance"));
  return { found, of: (name: string) => found.find(({ parameter }) => parameter === name) };
}

/** 512 pairs of points know an index to about 0.03: two standard errors. */
const TOLERANCE = 0.06;

describe("importance", () => {
  it("in a sum is the share of the squares of its factors", () => {
    const { of, found } = indicesOf(([a = 0, b = 0, c = 0]) => 3 * a + 2 * b - c);
    for (const [name, share] of [
      ["x0", 9 / 14],
      ["x1", 4 / 14],
      ["x2", 1 / 14],
    ] as const) {
      expect(Math.abs((of(name)?.alone ?? 0) - share)).toBeLessThan(TOLERANCE);
      expect(Math.abs((of(name)?.total ?? 0) - share)).toBeLessThan(TOLERANCE);
    }
    expect(found.map(({ parameter }) => parameter)).toEqual(["x0", "x1", "x2"]);
  });

  it("in Ishigami's function is the published one", () => {
    // a = 7 and b = 0.1: S = 0.3139, 0.4424, 0; S_T = 0.5576, 0.4424, 0.2437 (Sobol' and Levitan, 1999).
    const ishigami = (u: readonly number[]): number => {
      const [x = 0, y = 0, z = 0] = u.map((each) => Math.PI * (2 * each - 1));
      return Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x);
    };
    const seeds = Array.from({ length: 20 }, (_, k) => indicesOf(ishigami, space, k + 1));
    for (const [name, alone, total] of [
      ["x0", 0.3139, 0.5576],
      ["x1", 0.4424, 0.4424],
      ["x2", 0, 0.2437],
    ] as const) {
      const meanOf = (key: "alone" | "total"): number =>
        seeds.reduce((sum, { of }) => sum + (of(name)?.[key] ?? 0) / seeds.length, 0);
      // One draw knows an index of this function to 0.055; four standard errors of 20.
      expect(Math.abs(meanOf("alone") - alone)).toBeLessThan((4 * 0.055) / Math.sqrt(20));
      expect(Math.abs(meanOf("total") - total)).toBeLessThan((4 * 0.055) / Math.sqrt(20));
    }
  });

  it("of a parameter that nothing depends on is none, to the last bit", () => {
    const { of } = indicesOf(([a = 0, b = 0]) => a * b);
    expect(of("x2")?.total).toBe(0);
  });

  it("in a product about its centre is all in the interaction", () => {
    const { of } = indicesOf(([a = 0, b = 0]) => (a - 0.5) * (b - 0.5));
    for (const name of ["x0", "x1"]) {
      expect(of(name)?.alone).toBeLessThan(TOLERANCE);
      expect(Math.abs((of(name)?.total ?? 0) - 1)).toBeLessThan(2 * TOLERANCE);
    }
  });

  it("isn't told where the prediction is the same everywhere", () => {
    expect(indicesOf(() => 4).found).toEqual([]);
  });

  it("is told of choices, not of constants", () => {
    const mixed: Space = {
      parameters: [
        { kind: "categorical", name: "c", choices: ["a", "b"] },
        { kind: "constant", name: "k", unit: "1", value: 2 },
      ],
      mixtures: [],
      constraints: [],
    };
    const found = importanceOf(mixed, ({ c }) => (c === "a" ? 1 : 0), randomStream(1, 0, "importance"));
    expect(found).toHaveLength(1);
    expect(found[0]?.parameter).toBe("c");
    expect(Math.abs((found[0]?.alone ?? 0) - 1)).toBeLessThan(TOLERANCE);
  });
});
