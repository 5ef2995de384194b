import { createStrategy, type SavedStrategy, type Strategy, strategyFromJson } from "labloop";
import { median, sobolPoints } from "labloop/numerics";
import type { Optimiser, Point } from "../peers/optimiser.ts";
import { hartmann6 } from "./classic-functions.ts";
import { box, definitionOf, type TestFunction } from "./functions.ts";
import { randomNumbers } from "./random-numbers.ts";

/** The function on which suggestions are timed. */
export const TIMED: TestFunction = {
  name: "hartmann6",
  columns: box(6, 0, 1),
  minimum: 0,
  experiments: 0,
  evaluate: hartmann6,
};

/** Median seconds of one suggestion, the fit included. */
export interface SuggestionTimes {
  /** Observing one more result and suggesting. */
  readonly steady: number;
  /** Reading a strategy from its JSON text and suggesting, where that can be done. */
  readonly restored?: number;
}

/** Evenly spread settings, the same in every run. */
export function pastPoints(count: number): number[][] {
  const cube = sobolPoints(count, 6, randomNumbers(1));
  return Array.from({ length: count }, (_, i) => [...cube.subarray(i * 6, (i + 1) * 6)]);
}

/** Tells a strategy of labloop what the timed function is at a point. */
export function observe(strategy: Strategy, point: readonly number[]): void {
  const setting = Object.fromEntries(TIMED.columns.map(({ name }, i) => [name, point[i] as number]));
  strategy.observe({ setting, outcome: { y: hartmann6(point) } });
}

/** Times labloop after `count` results. */
export function timeLabloop(count: number, repetitions: number): SuggestionTimes {
  const strategy = createStrategy(definitionOf(TIMED, 1));
  for (const point of pastPoints(count)) observe(strategy, point);
  const saved = JSON.stringify(strategy);
  // The first suggestion catches up with all results at once.
  let next = suggested(strategy);
  const steady = Array.from({ length: repetitions }, () =>
    secondsOf(() => {
      observe(strategy, next);
      next = suggested(strategy);
    }),
  );
  const restored = Array.from({ length: repetitions }, () =>
    secondsOf(() => strategyFromJson(JSON.parse(saved) as SavedStrategy).suggest()),
  );
  return { steady: median(steady), restored: median(restored) };
}

/** Times labloop among listed settings: the first suggestion, which encodes them, and later ones; seconds. */
export function timeCandidates(
  candidates: number,
  results: number,
  repetitions: number,
): { readonly first: number; readonly steady: number } {
  const settings = pastPoints(candidates).map((point) =>
    Object.fromEntries(TIMED.columns.map(({ name }, i) => [name, point[i] as number])),
  );
  const strategy = createStrategy({ ...definitionOf(TIMED, 1), candidates: settings });
  for (const point of pastPoints(results)) observe(strategy, point);
  let next: number[] = [];
  const first = secondsOf(() => {
    next = suggested(strategy);
  });
  const steady = Array.from({ length: repetitions }, () =>
    secondsOf(() => {
      observe(strategy, next);
      next = suggested(strategy);
    }),
  );
  return { first, steady: median(steady) };
}

function suggested(strategy: Strategy): number[] {
  const [suggestion] = strategy.suggest();
  return TIMED.columns.map(({ name }) => Number(suggestion?.setting[name]));
}

/** Times a peer after `count` results; its own clock leaves the pipe out. */
export async function timePeer(
  optimiser: Optimiser<Point>,
  count: number,
  repetitions: number,
): Promise<SuggestionTimes> {
  const tell = (place: Point): Promise<void> =>
    optimiser.tell({ place, values: [-hartmann6(place as readonly number[])] });
  for (const point of pastPoints(count)) await tell(point);
  let next = await optimiser.ask();
  const steady: number[] = [];
  for (let n = 0; n < repetitions; n++) {
    await tell(next.place);
    next = await optimiser.ask();
    steady.push(next.seconds);
  }
  return { steady: median(steady) };
}

function secondsOf(work: () => void): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}
