import type { Optimiser, Point } from "../peers/optimiser.ts";
import type { TestFunction } from "./functions.ts";
import { randomNumbers } from "./random-numbers.ts";
import { isAllowed, settingAt } from "./start-points.ts";

/** Start points draw from the seed itself. */
const ANOTHER_STREAM = 1_000_003;

/** Settings drawn evenly from those that are allowed. */
export function randomSearch(test: TestFunction, seed: number): Optimiser<Point> {
  const random = randomNumbers(seed + ANOTHER_STREAM);
  const dimensions = test.columns.length - (test.total === undefined ? 0 : 1);
  const draw = (): number[] => settingAt(test, Float64Array.from({ length: dimensions }, random.uniform));
  return {
    tell: async () => {},
    ask: async () => {
      let point = draw();
      while (!isAllowed(test, point)) point = draw();
      return { place: point, seconds: 0 };
    },
  };
}

/** Rows of a table in random order. */
export function randomRows(rows: number, seed: number): Optimiser<number> {
  const random = randomNumbers(seed + ANOTHER_STREAM);
  const left = Array.from({ length: rows }, (_, row) => row);
  return {
    tell: async ({ place }) => {
      const at = left.indexOf(place);
      if (at >= 0) left.splice(at, 1);
    },
    ask: async () => ({ place: left[random.integer(left.length)] as number, seconds: 0 }),
  };
}
