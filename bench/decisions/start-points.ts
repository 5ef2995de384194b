import { simplexPoint, sobolPoints } from "labloop/numerics";
import type { TestFunction } from "./functions.ts";
import { randomNumbers } from "./random-numbers.ts";

/** Experiments that every optimiser is told before it is asked. */
export const START_POINTS = 5;

/** Where constraints leave little, this many points of a sequence are looked through at a time. */
const LOOKED_THROUGH = 4096;

/** Points to begin with: `START_POINTS` settings spread evenly, the same for the same seed. */
export function startPoints(test: TestFunction, seed: number): number[][] {
  return evenPoints(test, seed, START_POINTS);
}

/**
 * Points spread evenly: a scrambled Sobol sequence, of which those that meet the constraints are kept.
 *
 * @returns `wanted` settings, the same for the same seed
 */
export function evenPoints(test: TestFunction, seed: number, wanted: number): number[][] {
  const random = randomNumbers(seed);
  const dimensions = test.columns.length - (test.total === undefined ? 0 : 1);
  const count = test.margins === undefined ? wanted : LOOKED_THROUGH;
  const points: number[][] = [];
  while (points.length < wanted) {
    const cube = sobolPoints(count, dimensions, random);
    for (let i = 0; i < count && points.length < wanted; i++) {
      const point = settingAt(test, cube.subarray(i * dimensions, (i + 1) * dimensions));
      if (isAllowed(test, point)) points.push(point);
    }
  }
  return points;
}

/** The setting at a point of the unit cube; of a mixture, whose cube has a dimension less, the shares. */
export function settingAt({ columns, total }: TestFunction, cube: Float64Array): number[] {
  if (total !== undefined) return [...simplexPoint(cube)].map((share) => share * total);
  return columns.map(({ min, max }, i) => min + (cube[i] as number) * (max - min));
}

/** Whether the shares sum to their total and every known constraint holds, apart from rounding. */
export function isAllowed({ margins, total }: TestFunction, point: readonly number[]): boolean {
  const missing = total === undefined ? 0 : total - point.reduce((sum, share) => sum + share, 0);
  return (
    Math.abs(missing) <= 1e-6 && (margins === undefined || margins(point).every((each) => each >= -1e-6))
  );
}
