import { describe, expect, it } from "vitest";
import { parseExpression } from "../../base/expression/parse.ts";
import { unitOf } from "../../base/unit.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import type { Law } from "../../hypothesis/law/law.ts";
import type { MeasurementDefinition } from "../../loop/definition.ts";
import { drawnOutcomes, scaleOf } from "./drawn-outcomes.ts";
import type { OutcomeModel } from "./outcome-model.ts";

const PRIOR: OutcomeModel = { kind: "prior", noSimulator: ["scale"], noProcess: [] };

const PROBLEM: Problem = {
  space: {
    parameters: [{ kind: "continuous", name: "x", unit: "1", minimum: 0, maximum: 1, scale: "linear" }],
    mixtures: [],
    constraints: [],
  },
  measurements: [{ name: "y", unit: "1", noise: 0.1 }],
  goal: { kind: "optimise", objectives: [{ measurement: "y", direction: { kind: "maximise" } }] },
  hypotheses: [],
  design: { first: { method: "sobol", count: 4 }, then: "optimise" },
  seed: 1,
};

function expression(text: string): MeasurementDefinition["expression"] {
  const parsed = parseExpression(text);
  if (parsed.kind === "problem") throw new Error(parsed.message);
  return parsed.expression;
}

const Y: MeasurementDefinition = { name: "y", expression: expression("x"), unit: unitOf("1"), noise: 0.1 };

/** A line of known slope, twice as probable as one of another. */
function line(name: string, slope: number, weight: number): Law {
  return {
    kind: "law",
    name,
    predicts: "y",
    expression: expression("slope * x"),
    parameters: [{ name: "slope", unit: "1", prior: { kind: "normal", mean: slope, sd: 1e-6 } }],
    noise: { value: 1e-6 },
    weight,
  };
}

function values(problem: Problem, measurement: MeasurementDefinition, seed: number, at: readonly number[]) {
  const outcomes = drawnOutcomes(PRIOR, { problem, measurements: [measurement] }, seed);
  return at.map((x, k) => outcomes?.(k + 1, { x }).values["y"]?.value ?? Number.NaN);
}

describe("outcomes that are drawn", () => {
  it("are one function in one night but for noise, and another in the next", () => {
    const places = [0.2, 0.2, 0.9];
    const first = values(PROBLEM, { ...Y, noise: 0 }, 1, places);
    expect(values(PROBLEM, { ...Y, noise: 0 }, 1, places)).toEqual(first);
    expect(values(PROBLEM, { ...Y, noise: 0 }, 2, places)).not.toEqual(first);
    // Noise of a draw is at most e^-2.5 of the spread, which is 1.
    expect(Math.abs((first[0] as number) - (first[1] as number))).toBeLessThan(6 * Math.SQRT2 * 0.083);
  });

  it("of the surrogate have the middle and the spread of the limits of a measurement, and keep within them", () => {
    const measurement = { ...Y, minimum: 10, maximum: 18 };
    expect(scaleOf(measurement)).toEqual({ middle: 14, spread: 2 });
    const drawn = Array.from({ length: 400 }, (_, seed) => values(PROBLEM, measurement, seed, [0.4])[0] ?? 0);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(18);
    const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
    // Spread, mean and signal of a draw are themselves drawn: some 3.5 in all, clipped to ±4; four standard errors.
    expect(Math.abs(mean - 14)).toBeLessThan((4 * 3.5) / Math.sqrt(400));
  });

  it("of laws are those of a law by its weight, with constants from its prior", () => {
    const problem = { ...PROBLEM, hypotheses: [line("steep", 30, 2), line("flat", 3, 1)] };
    const drawn = Array.from({ length: 300 }, (_, seed) => values(problem, Y, seed, [0.5])[0] ?? 0);
    const steep = drawn.filter((each) => Math.abs(each - 15) < 0.01).length;
    const flat = drawn.filter((each) => Math.abs(each - 1.5) < 0.01).length;
    expect(steep + flat).toBe(300);
    // Four standard deviations of a share of 300: 4 √(2/9/300).
    expect(Math.abs(steep / 300 - 2 / 3)).toBeLessThan(0.11);
  });

  it("of earlier results are those of the nearest one that has the measurement", () => {
    const earlier = [
      [
        {
          experiment: 1,
          setting: { x: 0.1 },
          outcome: { kind: "measured", values: { y: { value: 5, standardUncertainty: 0 } } },
        },
        {
          experiment: 2,
          setting: { x: 0.8 },
          outcome: { kind: "measured", values: { y: { value: 7, standardUncertainty: 0 } } },
        },
        { experiment: 3, setting: { x: 0.3 }, outcome: { kind: "failed", reason: "spilt" } },
      ],
    ] as const;
    const model: OutcomeModel = {
      kind: "earlier results",
      results: 2,
      noSimulator: ["scale"],
      noProcess: [],
    };
    const outcomes = drawnOutcomes(
      model,
      { problem: { ...PROBLEM, earlier }, measurements: [{ ...Y, noise: 0 }] },
      1,
    );
    expect([0, 0.3, 0.5, 1].map((x) => outcomes?.(1, { x }).values["y"]?.value)).toEqual([5, 5, 7, 7]);
  });

  it("are none where instruments are simulated", () => {
    const definition = { problem: PROBLEM, measurements: [Y] };
    expect(drawnOutcomes({ kind: "process", name: "p" }, definition, 1)).toBeUndefined();
    expect(drawnOutcomes({ kind: "instruments" }, definition, 1)).toBeUndefined();
  });
});
