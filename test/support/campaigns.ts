import { decide } from "../../src/experiment/design/decide.ts";
import type { Problem } from "../../src/experiment/design/task/problem.ts";
import type { Observation } from "../../src/hypothesis/observation.ts";
import type { Setting } from "../../src/hypothesis/parameter.ts";
import { initialBelief } from "../../src/update/bayes/update-belief.ts";
import { observed, type Process } from "./choices.ts";

/** Tries what is suggested, one experiment after the other, until there are so many or nothing is suggested. */
export function ran(problem: Problem, process: Process, experiments: number): Observation[] {
  const settings: Setting[] = [];
  while (settings.length < experiments) {
    const [suggestion] = decide({
      problem,
      data: observed(settings, process),
      belief: initialBelief(problem),
      pending: [],
      count: 1,
      decision: settings.length,
    });
    if (suggestion === undefined) break;
    settings.push(suggestion.setting);
  }
  return observed(settings, process);
}

/** What was measured, experiment by experiment; -∞ where it failed. */
export function measurementsIn(data: readonly Observation[], measurement: string): number[] {
  return data.map(({ outcome }) =>
    outcome.kind === "measured" ? (outcome.values[measurement]?.value as number) : -Infinity,
  );
}

/** Mean of numbers, and its standard error. */
export function meanOf(numbers: readonly number[]): { mean: number; error: number } {
  const count = numbers.length;
  const mean = numbers.reduce((a, b) => a + b, 0) / count;
  const squares = numbers.reduce((sum, each) => sum + (each - mean) * (each - mean), 0);
  return { mean, error: Math.sqrt(squares / (count - 1) / count) };
}
