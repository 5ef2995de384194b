import { describe, expect, it } from "vitest";
import { ran } from "../../../test/support/campaigns.ts";
import { nextAfter, observed, type Process, problemOver } from "../../../test/support/choices.ts";
import { constraint } from "../../../test/support/space.ts";
import { randomStream } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { initialBelief } from "../../update/bayes/update-belief.ts";
import { isFeasible } from "../space/feasibility.ts";
import { sampleFeasible } from "../space/sample-feasible.ts";
import type { Space } from "../space/space.ts";
import { decide } from "./decide.ts";
import type { DecisionTask } from "./task/decision-task.ts";
import type { Problem } from "./task/problem.ts";
import type { Suggestion } from "./task/suggestion.ts";

const hill: Process = ({ x0 = 0, x1 = 0 }) => ({ y: Math.exp(-8 * ((x0 - 0.7) ** 2 + (x1 - 0.2) ** 2)) });

function taskAfter(
  experiments: number,
  changes: Partial<DecisionTask> = {},
  problem: Partial<Problem> = {},
): DecisionTask {
  const own = problemOver(2, problem);
  const settings = sampleFeasible(own.space, experiments, randomStream(3, 0, "settings"));
  return {
    problem: own,
    data: observed(settings, hill),
    belief: initialBelief(own),
    pending: [],
    count: 1,
    decision: experiments,
    ...changes,
  };
}

/** 12 combinations of a level, a choice and a count. */
const finite: Space = {
  parameters: [
    { kind: "ordinal", name: "level", unit: "1", levels: [1, 2, 5] },
    { kind: "categorical", name: "choice", choices: ["a", "b"] },
    { kind: "integer", name: "count", unit: "1", minimum: 1, maximum: 2, scale: "linear" },
  ],
  mixtures: [],
  constraints: [],
};

function textOf(setting: Setting): string {
  return Object.keys(setting)
    .sort()
    .map((name) => `${name} ${setting[name]}`)
    .join();
}

describe("a decision", () => {
  it.each([0, 3, 9, 25])("after %d experiments is the same to the bit for the same task", (experiments) => {
    const task = taskAfter(experiments, { count: 2 });
    expect(decide(structuredClone(task))).toEqual(decide(task));
  });

  it("is the same to the bit after its task went through JSON", () => {
    const task = taskAfter(11, { count: 3, pending: [{ x0: 0.123456789, x1: 1 / 3 }] });
    expect(decide(JSON.parse(JSON.stringify(task)) as DecisionTask)).toEqual(decide(task));
  });

  it("depends on the seed", () => {
    const [one] = decide(taskAfter(0, {}, { seed: 1 }));
    const [other] = decide(taskAfter(0, {}, { seed: 2 }));
    expect(one?.setting).not.toEqual(other?.setting);
  });

  it.each([0, 5, 12])(
    "for a batch of four after %d experiments suggests four settings, none of them tried",
    (experiments) => {
      const task = taskAfter(experiments, { count: 4 });
      const settings = decide(task).map(({ setting }) => setting);
      const known = [...settings, ...task.data.map(({ setting }) => setting)];
      expect(settings).toHaveLength(4);
      expect(new Set(known.map(textOf)).size).toBe(4 + experiments);
    },
  );

  it("spreads a batch, as each counts on those before it", () => {
    const settings = decide(taskAfter(12, { count: 4 })).map(({ setting }) => setting);
    for (const [i, a] of settings.entries()) {
      for (const b of settings.slice(0, i)) {
        const apart = Math.hypot(Number(a["x0"]) - Number(b["x0"]), Number(a["x1"]) - Number(b["x1"]));
        expect(apart).toBeGreaterThan(0.02);
      }
    }
  });

  it("begins with as many space-filling settings as the design says", () => {
    const methods = [0, 1, 5, 6].map((experiments) => decide(taskAfter(experiments))[0]?.reasons.method);
    expect(methods).toEqual(["sobol start", "sobol start", "sobol start", "upper confidence bound"]);
  });

  it("tells what it expects, and of the nearest experiment how near it is", () => {
    const task = taskAfter(12);
    const [{ setting, reasons }] = decide(task) as [Suggestion];
    const distances = task.data.map((each) =>
      Math.hypot(
        Number(each.setting["x0"]) - Number(setting["x0"]),
        Number(each.setting["x1"]) - Number(setting["x1"]),
      ),
    );
    expect(reasons.nearest?.distance).toBeCloseTo(Math.min(...distances), 12);
    expect(distances[(reasons.nearest?.experiment ?? 0) - 1]).toBe(Math.min(...distances));
    const { mean = Number.NaN, sd = Number.NaN } = reasons.predicted["y"] ?? {};
    // Four standard deviations of what it expects.
    const truth = hill(setting as Record<string, number>)?.["y"] as number;
    expect(Math.abs(mean - truth)).toBeLessThan(4 * sd + 1e-6);
  });

  it("keeps constraints", () => {
    const { parameters } = problemOver(2, {}).space;
    const space: Space = { parameters, mixtures: [], constraints: [constraint("x0 + x1 <= 0.6")] };
    const task = taskAfter(12, { count: 4 }, { space });
    for (const { setting } of decide(task)) expect(isFeasible(space, setting)).toBe(true);
  });

  it("on a finite space suggests each setting once, then none", () => {
    const problem = problemOver(2, { space: finite });
    const worth: Process = ({ level = 0, count = 0 }) => ({ y: level * count });
    const data = ran(problem, worth, 20);
    expect(data).toHaveLength(12);
    expect(new Set(data.map(({ setting }) => textOf(setting))).size).toBe(12);
    const task = { problem, data, belief: initialBelief(problem), pending: [], count: 3, decision: 12 };
    expect(decide(task)).toEqual([]);
  });

  it("on a finite space counts what is under way as tried", () => {
    const problem = problemOver(2, { space: finite });
    const belief = initialBelief(problem);
    const first = decide({ problem, data: [], belief, pending: [], count: 7, decision: 0 });
    const pending = first.map(({ setting }) => setting);
    const more = decide({ problem, data: [], belief, pending, count: 9, decision: 7 });
    expect(more).toHaveLength(5);
    expect(new Set([...first, ...more].map(({ setting }) => textOf(setting))).size).toBe(12);
  });

  it.each(["explore", "random"] as const)("that is to %s suggests settings of the space", (then) => {
    const design = { first: { method: "random", count: 2 }, then } as const;
    const suggestions = decide(taskAfter(8, { count: 3 }, { design }));
    expect(suggestions).toHaveLength(3);
    expect(suggestions[0]?.reasons.method).toBe(then === "random" ? "random" : "largest variance");
    const { space } = problemOver(2, {});
    for (const { setting } of suggestions) expect(isFeasible(space, setting)).toBe(true);
  });

  it("to explore goes where least is known", () => {
    const own = problemOver(1, { goal: { kind: "explore", measurement: "y" } });
    const settings = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3].map((x0) => ({ x0 }));
    const data = observed(settings, ({ x0 = 0 }) => ({ y: Math.sin(9 * x0) }));
    const [first] = decide({
      problem: own,
      data,
      belief: initialBelief(own),
      pending: [],
      count: 1,
      decision: 9,
    });
    expect(Number(first?.setting["x0"])).toBeGreaterThan(0.6);
  });
});

describe("a decision after failures alone", () => {
  const failing: Process = () => undefined;

  it("still suggests settings of the space, by the probability of a result", () => {
    const problem = problemOver(2, {});
    const data = ran(problem, failing, 10);
    expect(data).toHaveLength(10);
    expect(new Set(data.map(({ setting }) => textOf(setting))).size).toBe(10);
    const next = nextAfter(problem, data);
    expect(next?.reasons.method).toBe("probability of a result");
    expect(next?.reasons.viability).toBeLessThan(0.5);
    expect(isFeasible(problem.space, next?.setting ?? {})).toBe(true);
  });

  it("keeps away from them", () => {
    const problem = problemOver(2, {});
    const settings = sampleFeasible(problem.space, 8, randomStream(3, 0, "settings"));
    const left = settings.map(({ x0, x1 }) => ({ x0: Number(x0) / 2, x1: Number(x1) }));
    const data = observed(left, failing);
    const next = nextAfter(problem, data);
    expect(Number(next?.setting["x0"])).toBeGreaterThan(0.5);
  });
});
