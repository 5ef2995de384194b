import { describe, expect, test } from "vitest";
import { constraint, continuous, mixtureSpace } from "../../../test/support/space.ts";
import { randomStream } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { isFeasible } from "./feasibility.ts";
import { sampleFeasible } from "./sample-feasible.ts";
import { settingKey } from "./setting-key.ts";
import type { Space } from "./space.ts";

function samples(space: Space, count: number, seed = 1): Setting[] {
  return sampleFeasible(space, count, randomStream(seed, 0, "samples"));
}

function meanOf(settings: readonly Setting[], name: string): number {
  return settings.reduce((sum, setting) => sum + Number(setting[name]), 0) / settings.length;
}

/** P(Beta(a, b) ≤ x) for whole a and b: at least a of a + b - 1 trials succeed. */
function betaProbability(a: number, b: number, x: number): number {
  const trials = a + b - 1;
  let term = (1 - x) ** trials;
  let below = 0;
  for (let k = 0; k < a; k++) {
    below += term;
    term *= ((trials - k) / (k + 1)) * (x / (1 - x));
  }
  return 1 - below;
}

/** Mean of a Beta(a, b) number that is known to be at most `limit`. */
function cutBetaMean(a: number, b: number, limit: number): number {
  return ((a / (a + b)) * betaProbability(a + 1, b, limit)) / betaProbability(a, b, limit);
}

const FIVE = [
  "x0 + x1 + x2 + x3 + x4 <= 0.05",
  "x5 + x6 >= 0.3",
  "x7 <= x8",
  "2 * x9 + x10 <= 0.1",
  "x11 + x12 >= x13",
];

describe("samples of a mixture of 30 parts", () => {
  test("meet five linear constraints of which no random point does", () => {
    const space = mixtureSpace({ parts: 30, constraints: FIVE });
    const found = samples(space, 1000);
    expect(found).toHaveLength(1000);
    expect(new Set(found.map(settingKey)).size).toBe(1000);
    expect(found.every((setting) => isFeasible(space, setting))).toBe(true);
  });

  // The sum of five of 30 parts of a uniform point of the simplex is Beta(5, 25); 0.06 cuts off 97 % of it, so that
  // the walks have to find it. Over 16 seeds the mean of 2000 samples scattered by 0.00025 (1400 independent ones).
  test("have the mean that the uniform distribution has under a constraint", () => {
    const space = mixtureSpace({ parts: 30, constraints: ["x0 + x1 + x2 + x3 + x4 <= 0.06"] });
    const found = samples(space, 2000);
    const mean = [0, 1, 2, 3, 4].reduce((sum, i) => sum + meanOf(found, `x${i}`), 0);
    expect(Math.abs(mean - cutBetaMean(5, 25, 0.06))).toBeLessThan(4 * 0.00025);
  });

  // Without limits a part is above 0.01 three times in four; no point of the simplex meets 20 such limits.
  test("fill limits on single parts evenly", () => {
    const base = mixtureSpace({ parts: 30 });
    const limited = base.parameters.map((each, i) => (i < 20 ? continuous(each.name, 0, 0.01) : each));
    const found = samples({ ...base, parameters: limited }, 1500);
    // Density of one part is about (1 - s)^9 for the nine other free parts at a sum s near 0.1: a tilt of
    // -9 / 0.9 = -10 over 0.01, which moves the mean of a uniform number by -10 · 0.01² / 12.
    const expected = 0.005 - (10 * 0.01 * 0.01) / 12;
    // Standard deviation 0.0029 over 20 parts and 500 independent samples, as it scattered over 16 seeds.
    const mean = Array.from({ length: 20 }, (_, i) => meanOf(found, `x${i}`)).reduce((a, b) => a + b, 0) / 20;
    expect(Math.abs(mean - expected)).toBeLessThan((4 * 0.0029) / Math.sqrt(20 * 500));
  });

  test.each([
    ["a non-linear constraint", { constraints: ["x0 * x1 >= 0.04"] }],
    ["equations between parts", { constraints: ["x0 == 2 * x1", "x3 + x4 == x5"] }],
    ["a corner of the simplex", { constraints: ["x0 + x1 + x2 >= 0.999"] }],
    ["steps", { step: 0.01, constraints: FIVE }],
    ["three parts at most", { atMost: 3, constraints: ["x0 >= 0.3", "x1 + x2 >= 0.2"] }],
    ["three parts at most, none below a fifth", { atMost: 3, minimum: 0.2 }],
  ])("are found under %s", (_, options) => {
    const space = mixtureSpace({ parts: 30, ...options });
    const found = samples(space, 100);
    expect(found).toHaveLength(100);
    expect(found.every((setting) => isFeasible(space, setting))).toBe(true);
  });
});

test("samples of a mixture of few parts use each part equally often, alone too", () => {
  const space = mixtureSpace({ parts: 6, atMost: 3 });
  const found = samples(space, 600);
  const counts = space.parameters.map(({ name }) => found.filter((setting) => setting[name] !== 0).length);
  // 600 samples of at least 2 parts on average: a binomial standard deviation of 12 about the mean of the counts.
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  for (const count of counts) expect(Math.abs(count - mean)).toBeLessThan(4 * 12);
  const sizes = new Set(
    found.map((setting) => Object.values(setting).filter((amount) => amount !== 0).length),
  );
  expect(sizes).toEqual(new Set([1, 2, 3]));
});

// A ring of area π(0.5² - 0.49²) = 0.03, half of what Sobol points are taken for.
test("samples in a thin ring lie all around it", () => {
  const ring = "(x - 0.5)^2 + (y - 0.5)^2";
  const space: Space = {
    parameters: [continuous("x"), continuous("y")],
    mixtures: [],
    constraints: [constraint(`${ring} <= 0.25`), constraint(`${ring} >= 0.2401`)],
  };
  const quarters = [0, 0, 0, 0];
  for (const { x, y } of samples(space, 400)) {
    const quarter = (Number(x) > 0.5 ? 1 : 0) + (Number(y) > 0.5 ? 2 : 0);
    quarters[quarter] = (quarters[quarter] as number) + 1;
  }
  // A quarter of 400; over 16 seeds the counts scattered by 20, since steps along the ring are short.
  for (const count of quarters) expect(Math.abs(count - 100)).toBeLessThan(4 * 20);
});

test("a space with fewer settings than are wanted gives them all, once", () => {
  const space: Space = {
    parameters: [
      { kind: "integer", name: "n", unit: "1", minimum: 1, maximum: 9, scale: "linear" },
      { kind: "categorical", name: "c", choices: ["a", "b"] },
    ],
    mixtures: [],
    constraints: [constraint('c == "a" or n > 7')],
  };
  expect(new Set(samples(space, 50).map(settingKey)).size).toBe(11);
});
