import { createStrategy } from "labloop";
import type { Optimiser, Point } from "../peers/optimiser.ts";
import { definitionOf, type TestFunction } from "./functions.ts";

/** Labloop's own strategy on a function, with its defaults; seconds count observing and suggesting. */
export function labloopOptimiser(test: TestFunction, seed: number): Optimiser<Point> {
  const strategy = createStrategy(definitionOf(test, seed));
  const names = test.columns.map(({ name }) => name);
  let seconds = 0;
  return {
    tell: async ({ place, values }) => {
      const began = performance.now();
      const setting = Object.fromEntries(names.map((name, i) => [name, place[i] as number]));
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
      return { place: names.map((name) => suggestion.setting[name] as number), seconds: took };
    },
  };
}
