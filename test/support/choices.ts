import { decide } from "../../src/experiment/design/decide.ts";
import { type ChoiceTask, nothingLearned } from "../../src/experiment/design/model/choice-task.ts";
import type { Problem } from "../../src/experiment/design/task/problem.ts";
import type { Suggestion } from "../../src/experiment/design/task/suggestion.ts";
import type { Observation } from "../../src/hypothesis/observation.ts";
import type { Setting } from "../../src/hypothesis/parameter.ts";
import { initialBelief } from "../../src/update/bayes/update-belief.ts";

/** Measurements of a setting, by name; undefined where the experiment fails. */
export type Process = (setting: Readonly<Record<string, number>>) => Record<string, number> | undefined;

/** A problem over `x0`, `x1`, … from 0 to 1, which measures what the goal and the limits name. */
export function problemOver(dimension: number, changes: Partial<Problem>): Problem {
  const goal = changes.goal ?? { kind: "optimise", objectives: [maximised("y")] };
  const named =
    goal.kind === "optimise" ? goal.objectives.map((each) => each.measurement) : [goal.measurement];
  const limited = (changes.limits ?? []).map((each) => each.measurement);
  return {
    space: {
      parameters: Array.from({ length: dimension }, (_, k) => ({
        kind: "continuous",
        name: `x${k}`,
        unit: "1",
        minimum: 0,
        maximum: 1,
        scale: "linear",
      })),
      mixtures: [],
      constraints: [],
    },
    measurements: [...new Set([...named, ...limited])].map((name) => ({ name, unit: "1" })),
    hypotheses: [{ kind: "surrogate", name: "surrogate" }],
    design: { first: { method: "sobol", count: 2 * dimension + 2 }, then: "optimise" },
    seed: 1,
    ...changes,
    goal,
  };
}

/** An objective to be made large. */
export function maximised(measurement: string): { measurement: string; direction: { kind: "maximise" } } {
  return { measurement, direction: { kind: "maximise" } };
}

/** What one experiment after the other gave. */
export function observed(settings: readonly Setting[], process: Process): Observation[] {
  return settings.map((setting, i) => {
    const values = process(setting as Record<string, number>);
    return {
      experiment: i + 1,
      setting,
      outcome:
        values === undefined
          ? { kind: "failed", reason: "it fails here" }
          : {
              kind: "measured",
              values: Object.fromEntries(
                Object.entries(values).map(([name, value]) => [name, { value, standardUncertainty: 0 }]),
              ),
            },
    };
  });
}

/** A choice after some experiments. */
export function choiceAfter(problem: Problem, data: readonly Observation[]): ChoiceTask {
  return {
    problem,
    data,
    belief: initialBelief(problem),
    pending: [],
    decision: 1,
    learned: nothingLearned(),
  };
}

/** What is suggested after some experiments, with nothing under way. */
export function nextAfter(problem: Problem, data: readonly Observation[]): Suggestion | undefined {
  const { learned: _, ...known } = choiceAfter(problem, data);
  return decide({ ...known, count: 1, decision: data.length })[0];
}

/** Settings on an even grid of a unit square. */
export function gridSettings(side: number): Setting[] {
  return Array.from({ length: side * side }, (_, i) => ({
    x0: (Math.floor(i / side) + 0.5) / side,
    x1: ((i % side) + 0.5) / side,
  }));
}

/** Largest difference of a derivative from central differences, relative to the largest slope. */
export function gradientError(
  derive: (x: Float64Array, gradient: Float64Array) => number,
  value: (x: Float64Array) => number,
  at: readonly number[],
): number {
  const gradient = new Float64Array(at.length);
  derive(Float64Array.from(at), gradient);
  const step = 1e-5;
  let error = 0;
  let largest = 1e-6;
  for (const [k, g] of gradient.entries()) {
    const moved = (by: number): number =>
      value(Float64Array.from(at, (each, i) => (i === k ? each + by : each)));
    const slope = (moved(step) - moved(-step)) / (2 * step);
    error = Math.max(error, Math.abs(slope - g));
    largest = Math.max(largest, Math.abs(slope));
  }
  return error / largest;
}
