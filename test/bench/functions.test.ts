import { describe, expect, it } from "vitest";
import { CLASSIC_FUNCTIONS } from "../../bench/decisions/classic-functions.ts";
import { HARD_FUNCTIONS } from "../../bench/decisions/hard-functions.ts";
import { hypervolume } from "../../bench/decisions/hypervolume.ts";
import { isAllowed, startPoints } from "../../bench/decisions/start-points.ts";

const hartmann = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573];
const embedded = new Map([1, 4, 7, 11, 14, 18].map((place, i) => [place, hartmann[i] as number]));

/** Published minimisers. */
const MINIMISERS: Readonly<Record<string, readonly number[]>> = {
  branin: [Math.PI, 2.275],
  hartmann3: [0.114614, 0.555649, 0.852547],
  hartmann6: hartmann,
  levy4: [1, 1, 1, 1],
  ackley5: [0, 0, 0, 0, 0],
  rosenbrock4: [1, 1, 1, 1],
  "hartmann6-noisy": hartmann,
  "hartmann6-in-20": Array.from({ length: 20 }, (_, i) => embedded.get(i) ?? 0.5),
  "mixture-12": [0.16, 0.02, 0.1, 0.05, 0.21, 0.03, 0.08, 0.04, 0.13, 0.02, 0.09, 0.07],
  "gardner-constrained": [1.5 * Math.PI, Math.asin(0.95)],
  "branin-fails": [Math.PI, 2.275],
};

describe.each([...CLASSIC_FUNCTIONS, ...HARD_FUNCTIONS])("$name", (test) => {
  it("takes its minimum at the known minimiser, which is allowed", () => {
    const minimiser = MINIMISERS[test.name] ?? [];
    // Minimisers are published with 6 digits; the functions are flat there.
    expect(test.evaluate(minimiser)).toBeCloseTo(test.minimum, 6);
    expect(isAllowed(test, minimiser)).toBe(true);
  });

  it("begins with settings that are allowed, and of no less than the minimum", () => {
    for (const point of startPoints(test, 3)) {
      expect(isAllowed(test, point)).toBe(true);
      expect(test.evaluate(point) ?? test.minimum).toBeGreaterThanOrEqual(test.minimum);
    }
  });
});

describe("the hypervolume", () => {
  it("counts what boxes share once, and nothing beyond the reference", () => {
    const boxes = [
      [2, 1, 1],
      [1, 2, 1],
      [1, 1, 2],
      [1, 1, 1],
      [5, 5, -1],
    ];
    // Three boxes of volume 2 that share the unit cube.
    expect(hypervolume(boxes, [0, 0, 0])).toBe(4);
  });
});
