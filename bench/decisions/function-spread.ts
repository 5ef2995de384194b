import type { TestFunction } from "./functions.ts";
import { mean } from "./report.ts";
import { evenPoints } from "./start-points.ts";

/** Points of the scrambled Sobol sequence over which a function is averaged. */
const AVERAGED = 4096;

/** Mean and standard deviation of a function over its columns, where experiments give a result. */
export function spreadOf(test: TestFunction): { readonly mean: number; readonly sd: number } {
  const values = evenPoints(test, 0, AVERAGED).flatMap((point) => test.evaluate(point) ?? []);
  const centre = mean(values);
  return { mean: centre, sd: Math.sqrt(mean(values.map((value) => (value - centre) ** 2))) };
}
