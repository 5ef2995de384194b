import { describe, expect, it } from "vitest";
import { continuous, expression } from "../../../test/support/space.ts";
import { randomStream } from "../../base/random.ts";
import type { Belief } from "../../hypothesis/belief.ts";
import type { Law } from "../../hypothesis/law/law.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Surrogate } from "../../hypothesis/surrogate/surrogate.ts";
import type { BeliefReport } from "../explain/belief-report.ts";
import type { InferenceProblem } from "./inference-problem.ts";
import { initialBelief, update, updateBelief } from "./update-belief.ts";

const NOISE = 0.1;

function law(name: string, text: string): Law {
  return {
    kind: "law",
    name,
    predicts: "y",
    expression: expression(text),
    parameters: [{ name: "k", unit: "1", prior: { kind: "normal", mean: 2, sd: 1 } }],
    weight: 1,
  };
}

const line = law("line", "k * x");
const parabola = law("parabola", "k * x * x");
const surrogate: Surrogate = { kind: "surrogate", name: "surrogate" };

function problemWith(...hypotheses: InferenceProblem["hypotheses"]): InferenceProblem {
  return {
    space: { parameters: [continuous("x", 0, 2)] },
    measurements: [{ name: "y", unit: "1", noise: NOISE }],
    hypotheses,
    seed: 1,
  };
}

function measuredFrom(value: (x: number) => number, count: number, seed = 1): Observation[] {
  const random = randomStream(seed, 0, "readings");
  return Array.from({ length: count }, (_, i) => {
    const x = 2 * random.uniform();
    const y = value(x) + NOISE * random.normal();
    const outcome = { kind: "measured", values: { y: { value: y, standardUncertainty: 0 } } } as const;
    return { experiment: i + 1, setting: { x }, outcome };
  });
}

function learned(problem: InferenceProblem, observations: readonly Observation[]) {
  let belief: Belief = initialBelief(problem);
  const reports: BeliefReport[] = [];
  for (const observation of observations) {
    const next = updateBelief(problem, belief, observation);
    belief = next.belief;
    reports.push(next.report);
  }
  const weightOf = (name: string): number =>
    belief.hypotheses.find((each) => each.name === name)?.weight ?? Number.NaN;
  return { belief, reports, weightOf };
}

describe("a belief before any observation", () => {
  it("shares the weight among laws, and leaves a twentieth to none of them", () => {
    const { hypotheses } = initialBelief(problemWith(line, parabola));
    expect(hypotheses.map(({ name, weight }) => [name, Math.round(weight * 1e6) / 1e6])).toEqual([
      ["line", 0.475],
      ["parabola", 0.475],
      ["surrogate", 0.05],
    ]);
  });

  it("has the moments of the priors", () => {
    const [{ parameters } = { parameters: [] }] = initialBelief(problemWith(line)).hypotheses;
    // A thousand particles or more: four standard errors.
    expect(Math.abs((parameters[0]?.mean ?? 0) - 2)).toBeLessThan(4 / Math.sqrt(1000));
    expect(Math.abs((parameters[0]?.sd ?? 0) - 1)).toBeLessThan(4 / Math.sqrt(2000));
  });
});

describe("a belief", () => {
  it.each([
    ["line", (x: number) => 1.7 * x],
    ["parabola", (x: number) => 1.7 * x * x],
  ] as const)("moves to the %s when that is what the data come from", (name, value) => {
    const { weightOf, belief } = learned(problemWith(line, parabola), measuredFrom(value, 12));
    expect(weightOf(name)).toBeGreaterThan(0.95);
    expect(belief.hypotheses.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it("moves to none of the laws when no law holds", () => {
    const { weightOf } = learned(
      problemWith(line, parabola),
      measuredFrom((x) => Math.sin(5 * x), 12),
    );
    expect(weightOf("surrogate")).toBeGreaterThan(0.99);
  });

  it("learns the constant of a law as conjugate inference does", () => {
    const observations = measuredFrom((x) => 1.7 * x, 10);
    const { belief } = learned(problemWith(line), observations);
    // Normal prior and noise: precision 1 + Σx²/σ², mean (2 + Σxy/σ²)/precision.
    let precision = 1;
    let sum = 2;
    for (const { setting, outcome } of observations) {
      const x = Number(setting["x"]);
      precision += (x * x) / NOISE ** 2;
      if (outcome.kind === "measured") sum += (x * (outcome.values["y"]?.value as number)) / NOISE ** 2;
    }
    const { mean, sd } = belief.hypotheses[0]?.parameters[0] ?? { mean: Number.NaN, sd: Number.NaN };
    // Particles are resampled and moved; a tenth of their spread for the mean, four standard errors for the spread.
    expect(Math.abs(mean - sum / precision)).toBeLessThan(0.2 / Math.sqrt(precision));
    expect(Math.abs(sd * Math.sqrt(precision) - 1)).toBeLessThan(0.15);
  });

  it("has the evidence of a law that the integral over its constant gives", () => {
    const [first] = measuredFrom((x) => 1.7 * x, 1) as [Observation];
    const { belief } = learned(problemWith(line), [first]);
    const x = Number(first.setting["x"]);
    const y = first.outcome.kind === "measured" ? (first.outcome.values["y"]?.value as number) : Number.NaN;
    const variance = x * x + NOISE ** 2;
    const exact = -0.5 * (Math.log(2 * Math.PI * variance) + (y - 2 * x) ** 2 / variance);
    // ln of a mean over a thousand particles or more, of which a tenth matter.
    expect(Math.abs((belief.hypotheses[0]?.logEvidence ?? 0) - exact)).toBeLessThan(0.3);
  });

  it("moves by Bayes' rule: weights by how probable each held the value", () => {
    const { reports } = learned(
      problemWith(line, parabola),
      measuredFrom((x) => 1.7 * x, 6),
    );
    for (const { movements } of reports) {
      const total = movements.reduce(
        (sum, each) => sum + each.weightBefore * Math.exp(each.logLikelihood),
        0,
      );
      for (const { weightBefore, weightAfter, logLikelihood } of movements)
        expect(weightAfter).toBeCloseTo((weightBefore * Math.exp(logLikelihood)) / total, 10);
    }
  });

  it("doesn't judge a surrogate before it has three values", () => {
    const { reports } = learned(
      problemWith(line),
      measuredFrom((x) => 1.7 * x, 5),
    );
    const judged = reports.map(({ movements }) => movements.find(({ name }) => name === "surrogate")?.judged);
    expect(judged).toEqual([false, false, false, true, true]);
    const first = reports[0]?.movements.find(({ name }) => name === "surrogate");
    expect(first?.weightAfter).toBeCloseTo(first?.weightBefore ?? 0, 12);
  });

  it("with a single hypothesis doesn't move, and keeps what was observed", () => {
    const problem = problemWith(surrogate);
    const observations = measuredFrom((x) => x, 4);
    const { belief, reports } = learned(problem, observations);
    expect(reports.every(({ movements }) => movements.length === 0)).toBe(true);
    expect(belief.hypotheses).toEqual(initialBelief(problem).hypotheses);
    expect(belief.observations).toEqual(observations);
  });

  it("doesn't move by a failure", () => {
    const problem = problemWith(line, parabola);
    const before = initialBelief(problem);
    const failed = {
      experiment: 1,
      setting: { x: 1 },
      outcome: { kind: "failed", reason: "spilled" },
    } as const;
    const { belief, report } = updateBelief(problem, before, failed);
    expect(report).toEqual({ experiment: 1, movements: [] });
    expect(belief).toEqual({ ...before, observations: [failed] });
  });

  it("goes on after JSON as if it had never been put away, to the bit", () => {
    const problem = problemWith(line, parabola);
    const observations = measuredFrom((x) => 1.7 * x * x, 7);
    const { belief } = learned(problem, observations.slice(0, 6));
    const [, , , , , , last] = observations;
    const task = { problem, belief, observation: last as Observation };
    const other = JSON.parse(JSON.stringify(task)) as typeof task;
    expect(other.belief).toEqual(belief);
    expect(update(other)).toEqual(update(task));
  });

  it("refuses a state of another kind", () => {
    const problem = problemWith(line, parabola);
    const belief = initialBelief(problem);
    const [observation] = measuredFrom((x) => x, 1) as [Observation];
    const wrong = { ...belief, states: belief.states.map(() => ({ kind: "gaussian process" }) as const) };
    expect(() => updateBelief(problem, wrong, observation)).toThrow(
      new RangeError('the belief is of another problem: "line" is a law'),
    );
  });
});
