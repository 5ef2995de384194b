import { describe, expect, it } from "vitest";
import { observed, type Process, problemOver } from "../../../test/support/choices.ts";
import { randomStream } from "../../base/random.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import { initialBelief } from "../../update/bayes/update-belief.ts";
import type { Problem } from "../design/task/problem.ts";
import { sampleFeasible } from "../space/sample-feasible.ts";
import { explain } from "./explain.ts";
import type { Explanation } from "./explanation.ts";

/** Only the first parameter matters much, the third not at all. */
const process: Process = ({ x0 = 0, x1 = 0 }) => ({ y: 10 * Math.exp(-6 * (x0 - 0.6) ** 2) + 0.5 * x1 });

function explained(data: readonly Observation[], changes: Partial<Problem> = {}): Explanation {
  const problem = problemOver(3, changes);
  const task = { problem, data, belief: initialBelief(problem), decision: data.length };
  const [only] = explain({ ...task, options: { hoursAnExperiment: 2 } });
  return only as Explanation;
}

function dataOf(count: number, own: Process = process): Observation[] {
  return observed(sampleFeasible(problemOver(3, {}).space, count, randomStream(2, 0, "settings")), own);
}

describe("an explanation", () => {
  const whole = explained(dataOf(40));

  it("names what matters, the most important first", () => {
    expect(whole.importance.map(({ parameter }) => parameter)).toEqual(["x0", "x1", "x2"]);
    expect(whole.importance[0]?.total).toBeGreaterThan(0.9);
    expect(whole.importance[2]?.total).toBeLessThan(0.03);
  });

  it("shows where the top is", () => {
    const [first] = whole.dependence;
    const top = first?.points.reduce((best, each) => (each.mean > best.mean ? each : best));
    expect(top?.value).toBeCloseTo(0.6, 9);
    for (const { mean, lower, upper } of first?.points ?? []) {
      expect(lower).toBeLessThanOrEqual(mean);
      expect(upper).toBeGreaterThanOrEqual(mean);
    }
  });

  it("trusts a model of a smooth function, and tells the best setting", () => {
    expect(whole.observations).toBe(40);
    expect(whole.trust?.r2).toBeGreaterThan(0.9);
    const values = dataOf(40).map(
      ({ setting }) => process(setting as Record<string, number>)?.["y"] as number,
    );
    expect(whole.best?.mean).toBeCloseTo(Math.max(...values), 1);
    expect(whole.best?.experiment).toBe(values.indexOf(Math.max(...values)) + 1);
    expect(whole.outlook?.gainPerHour).toBeCloseTo((whole.outlook?.gainOfNext ?? 0) / 2, 12);
  });

  it("has a tolerance of a hundredth of the range of results", () => {
    const values = dataOf(40).map(
      ({ setting }) => process(setting as Record<string, number>)?.["y"] as number,
    );
    expect(whole.outlook?.tolerance).toBeCloseTo(0.01 * (Math.max(...values) - Math.min(...values)), 12);
  });

  it("is plain data, and the same to the bit for the same task", () => {
    expect(explained(dataOf(40))).toEqual(whole);
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it("of what is to be made small is that of the negative, upside down", () => {
    const negative: Process = (setting) => ({ y: -(process(setting)?.["y"] as number) });
    const goal = {
      kind: "optimise",
      objectives: [{ measurement: "y", direction: { kind: "minimise" } }],
    } as const;
    const turned = explained(dataOf(40, negative), { goal });
    expect(turned.best?.experiment).toBe(whole.best?.experiment);
    expect(turned.best?.mean).toBeCloseTo(-(whole.best?.mean ?? 0), 9);
    expect(turned.best?.sd).toBeCloseTo(whole.best?.sd ?? 0, 9);
    expect(turned.outlook?.gainOfNext).toBeCloseTo(whole.outlook?.gainOfNext ?? 0, 9);
    for (const [k, point] of (turned.dependence[0]?.points ?? []).entries()) {
      const other = whole.dependence[0]?.points[k];
      expect(point.mean).toBeCloseTo(-(other?.mean ?? 0), 9);
      expect(point.lower).toBeCloseTo(-(other?.upper ?? 0), 9);
    }
  });

  it("before the first result says so", () => {
    expect(explained([])).toMatchObject({ observations: 0, verdict: "nothing has been measured yet" });
    expect(explained(dataOf(6, () => undefined)).observations).toBe(0);
  });

  it("of few results doesn't judge", () => {
    const { trust, verdict } = explained(dataOf(3));
    expect(trust).toBeUndefined();
    expect(verdict).toBe("3 results are too few to judge the model by");
  });

  it("of a value to be hit has no outlook, and of exploring is that of the measurement", () => {
    const direction = { kind: "target", value: 5 } as const;
    const goal = { kind: "optimise", objectives: [{ measurement: "y", direction }] } as const;
    expect(explained(dataOf(15), { goal }).outlook).toBeUndefined();
    expect(explained(dataOf(15), { goal: { kind: "explore", measurement: "y" } }).measurement).toBe("y");
  });

  it("names experiments that can't be right", () => {
    const data = dataOf(30).map((each) =>
      each.experiment === 21
        ? {
            ...each,
            outcome: { kind: "measured", values: { y: { value: 500, standardUncertainty: 0 } } } as const,
          }
        : each,
    );
    expect(explained(data).outliers[0]).toBe(21);
  });
});
