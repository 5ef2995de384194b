import { createStrategy, type Setting, type StrategyDefinition } from "labloop";
import type { Optimiser, Point } from "../peers/optimiser.ts";
import { definitionOf, type TestFunction } from "./functions.ts";

/** An optimiser that says which of the settings tried it holds for the best. */
export interface HoldingOptimiser extends Optimiser<Point> {
  /** As of the last suggestion; undefined where that was made without a model. */
  held(): readonly number[] | undefined;
}

/**
 * Labloop's own strategy on a function, with its defaults; seconds count observing and suggesting.
 *
 * @param known - what the definition says besides the columns
 */
export function labloopOptimiser(
  test: TestFunction,
  seed: number,
  known: Pick<StrategyDefinition, "symmetries" | "earlier" | "surrogate"> = {},
): HoldingOptimiser {
  const strategy = createStrategy({ ...definitionOf(test, seed), ...known });
  let seconds = 0;
  let incumbent: Setting | undefined;
  return {
    tell: async ({ place, values }) => {
      const began = performance.now();
      const setting = settingOf(test, place as readonly number[]);
      const [value] = values ?? [];
      strategy.observe(
        value === undefined ? { setting, failed: "it fails here" } : { setting, outcome: { y: -value } },
      );
      seconds += (performance.now() - began) / 1000;
    },
    ask: async () => {
      const began = performance.now();
      const [suggestion] = strategy.suggest();
      if (suggestion === undefined) throw new Error(`labloop has no suggestion on ${test.name}`);
      const took = seconds + (performance.now() - began) / 1000;
      seconds = 0;
      incumbent = suggestion.reasons.incumbent?.setting;
      return { place: placeOf(test, suggestion.setting), seconds: took };
    },
    held: () => incumbent && placeOf(test, incumbent),
  };
}

/** A point of the columns in the words of labloop's library. */
export function settingOf({ columns }: TestFunction, point: readonly number[]): Setting {
  return Object.fromEntries(columns.map(({ name }, i) => [name, point[i] as number]));
}

function placeOf({ columns }: TestFunction, setting: Setting): number[] {
  return columns.map(({ name }) => setting[name] as number);
}
