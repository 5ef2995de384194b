import type { Optimiser, Point } from "../peers/optimiser.ts";
import type { TestFunction } from "./functions.ts";
import { randomNumbers } from "./random-numbers.ts";
import { isAllowed, startPoints } from "./start-points.ts";

/** How a campaign on a function ended. */
export interface FunctionFigures {
  /** Value without noise of the setting that measured best, less the minimum. */
  readonly regret: number;
  /** Seconds for each suggestion, in order. */
  readonly seconds: readonly number[];
  /** Experiments that failed or were not allowed. */
  readonly lost: number;
}

const NOISE_STREAM = 2_000_003;

/** Plays a campaign: shared start points, then one suggestion at a time; noise comes by the experiment's number. */
export async function playFunction(
  test: TestFunction,
  seed: number,
  optimiser: Optimiser<Point>,
): Promise<FunctionFigures> {
  const noise = randomNumbers(seed + NOISE_STREAM);
  const seconds: number[] = [];
  let best = { measured: Infinity, value: Infinity };
  let lost = 0;
  const perform = async (point: readonly number[]): Promise<void> => {
    const value = test.evaluate(point);
    const measured = value === undefined ? undefined : value + (test.noise ?? 0) * noise.normal();
    if (value === undefined || measured === undefined || !isAllowed(test, point)) lost += 1;
    else if (measured < best.measured) best = { measured, value };
    await optimiser.tell({
      place: point,
      values: measured === undefined ? undefined : [-measured],
      ...(test.margins === undefined ? {} : { margins: test.margins(point) }),
    });
  };
  const start = startPoints(test, seed);
  for (const point of start) await perform(point);
  for (let n = start.length; n < test.experiments; n++) {
    const asked = await optimiser.ask();
    seconds.push(asked.seconds);
    await perform(asked.place as number[]);
  }
  return { regret: Math.max(0, best.value - test.minimum), seconds, lost };
}
