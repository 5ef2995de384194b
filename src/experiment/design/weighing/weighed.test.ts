import { describe, expect, it } from "vitest";
import {
  choiceAfter,
  gradientError,
  gridSettings,
  nextAfter,
  observed,
  type Process,
  problemOver,
} from "../../../../test/support/choices.ts";
import { expression } from "../../../../test/support/space.ts";
import { randomStream } from "../../../base/random.ts";
import { encodeAll } from "../../../hypothesis/features.ts";
import { predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import { normalProbability } from "../../../numerics/index.ts";
import { sampleFeasible } from "../../space/sample-feasible.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { scoreModelOf } from "../model/score-model.ts";
import { bestOf } from "../search/best-of.ts";
import { keepsLimits } from "../task/outcome-limit.ts";
import type { Problem } from "../task/problem.ts";
import { valuationOf } from "../value-of-settings.ts";
import { costFactor } from "./cost-factor.ts";
import type { Factor } from "./factor.ts";
import { limitsFactor } from "./limits-factor.ts";
import { priorFactor } from "./prior-factor.ts";

/** The yield rises to the right, the impurity too: the best that keeps the limit is at x0 = 0.5. */
const reactor: Process = ({ x0 = 0, x1 = 0 }) => ({ y: x0 - 0.5 * (x1 - 0.4) ** 2, impurity: 2 * x0 * x0 });
const LIMITS = [{ measurement: "impurity", atMost: 0.5 }];

function choice(changes: Partial<Problem>, process: Process = reactor, count = 10) {
  const problem = problemOver(2, changes);
  const settings = sampleFeasible(problem.space, count, randomStream(2, 0, "start"));
  return choiceAfter(problem, observed(settings, process));
}

function play(problem: Problem, process: Process, experiments: number) {
  let data = observed([], process);
  const methods: string[] = [];
  while (data.length < experiments) {
    const suggestion = nextAfter(problem, data);
    if (suggestion === undefined) throw new Error("nothing is suggested");
    methods.push(suggestion.reasons.method);
    data = observed([...data.map(({ setting }) => setting), suggestion.setting], process);
  }
  return {
    methods,
    outcomes: data.map(({ setting }) => process(setting as Record<string, number>) as Record<string, number>),
    data,
  };
}

describe("limits of measurements", () => {
  it("are kept with the probability that the surrogate gives", () => {
    const task = choice({ limits: LIMITS });
    const factor = limitsFactor(task) as Factor;
    const model = scoreModelOf(task, { measurement: "impurity", direction: { kind: "minimise" } });
    const at = Float64Array.of(0.45, 0.5);
    const least = model?.warp.warp(-0.5) as number;
    const probability = model?.members.reduce((sum, { process, weight }) => {
      const { mean, variance } = predictorOf(process)(at);
      return sum + weight * normalProbability((mean - least) / Math.sqrt(variance));
    }, 0);
    expect(Math.exp(factor.value({}, at))).toBeCloseTo(probability as number, 10);
  });

  it.each([
    ["one side", LIMITS],
    ["two sides", [{ measurement: "impurity", atMost: 0.9, atLeast: 0.2 }]],
    ["two measurements", [...LIMITS, { measurement: "y", atLeast: 0.2 }]],
  ])("on %s have the gradient of central differences", (_, limits) => {
    const { value, derive } = limitsFactor(choice({ limits })) as Required<Factor>;
    for (const at of [
      [0.48, 0.5],
      [0.8, 0.2],
      [0.1, 0.9],
    ])
      expect(gradientError(derive, (x) => value({}, x), at)).toBeLessThan(1e-3);
  });

  it("lead to the best setting that keeps them", () => {
    const { outcomes } = play(problemOver(2, { limits: LIMITS }), reactor, 22);
    const kept = outcomes.filter((outcome) => keepsLimits(LIMITS, outcome));
    expect(Math.max(...kept.map(({ y = 0 }) => y))).toBeGreaterThan(0.47);
    expect(kept.length).toBeGreaterThan(10);
  });

  it("are all that counts while none has been kept", () => {
    const narrow: Process = ({ x0 = 0, x1 = 0 }) => ({ y: x0, impurity: Math.hypot(x0 - 0.15, x1 - 0.9) });
    const limits = [{ measurement: "impurity", atMost: 0.06 }];
    const { methods, outcomes } = play(problemOver(2, { limits }), narrow, 20);
    const first = outcomes.findIndex((outcome) => keepsLimits(limits, outcome));
    expect(first).toBeGreaterThan(6);
    expect(new Set(methods.slice(6, first + 1))).toEqual(new Set(["probability of keeping the limits"]));
    expect(methods[first + 1]).toBe("log expected improvement");
  });

  it("of several objectives keep the front inside", () => {
    const objectives = ["y", "z"].map((measurement) => ({
      measurement,
      direction: { kind: "maximise" } as const,
    }));
    const process: Process = ({ x0 = 0, x1 = 0 }) => ({ y: x0, z: 1 - x0 + 0.1 * x1, impurity: x1 });
    const limits = [{ measurement: "impurity", atMost: 0.3 }];
    const { outcomes } = play(
      problemOver(2, { goal: { kind: "optimise", objectives }, limits }),
      process,
      20,
    );
    // A random choice keeps them in 3 of 10.
    expect(outcomes.slice(10).filter((outcome) => keepsLimits(limits, outcome)).length).toBeGreaterThan(5);
  });
});

describe("a prior of the optimum", () => {
  const design = (mean: number): Problem["design"] => ({
    first: { method: "sobol", count: 4 },
    then: "optimise",
    prior: { x0: { kind: "normal", mean, sd: 0.05 } },
  });
  const hill: Process = ({ x0 = 0, x1 = 0 }) => ({ y: Math.exp(-10 * ((x0 - 0.8) ** 2 + (x1 - 0.3) ** 2)) });

  it("draws the first suggestions to where it says", () => {
    const { data } = play(problemOver(2, { design: design(0.3) }), hill, 6);
    for (const { setting } of data.slice(4))
      expect(Math.abs((setting["x0"] as number) - 0.3)).toBeLessThan(0.15);
  });

  it("fades when it is wrong", () => {
    const { outcomes } = play(problemOver(2, { design: design(0.2) }), hill, 30);
    expect(Math.max(...outcomes.map(({ y = 0 }) => y))).toBeGreaterThan(0.95);
  });

  it("counts ten times after one experiment, once after ten", () => {
    const after = (count: number): number =>
      priorFactor(choice({ design: design(0.3) }, hill, count))?.value(
        { x0: 0.35, x1: 0 },
        new Float64Array(2),
      ) as number;
    expect(after(1)).toBeCloseTo(10 * Math.log(Math.exp(-0.5) + 1e-6), 9);
    expect(after(10)).toBeCloseTo(-0.5, 5);
  });

  it("has the gradient of central differences", () => {
    const { value, derive } = priorFactor(choice({ design: design(0.3) }, hill)) as Required<Factor>;
    const at = (x: Float64Array): number => value({ x0: x[0] as number, x1: x[1] as number }, x);
    for (const x0 of [0.25, 0.34, 0.9]) expect(gradientError(derive, at, [x0, 0.5])).toBeLessThan(1e-4);
  });

  it("of a choice goes by weights, and of a range by what is inside", () => {
    const prior = {
      solvent: { kind: "weights", weights: { DMF: 4, water: 1 } },
      x0: { kind: "uniform", minimum: 0.2, maximum: 0.4 },
    } as const;
    const task = choice({ design: { ...design(0), prior } }, hill, 10);
    const solvent = { kind: "categorical", name: "solvent", choices: ["DMF", "water", "EtOH"] } as const;
    const space = { ...task.problem.space, parameters: [...task.problem.space.parameters, solvent] };
    const factor = priorFactor({ ...task, problem: { ...task.problem, space } });
    const at = (setting: Record<string, string | number>): number =>
      factor?.value({ x1: 0, ...setting }, new Float64Array(5)) as number;
    expect(at({ x0: 0.3, solvent: "DMF" })).toBeCloseTo(0, 5);
    expect(at({ x0: 0.3, solvent: "water" })).toBeCloseTo(Math.log(1 / 4), 5);
    expect(at({ x0: 0.3, solvent: "EtOH" })).toBeCloseTo(Math.log(1e-6), 5);
    expect(at({ x0: 0.5, solvent: "DMF" })).toBeCloseTo(Math.log(1e-6), 5);
  });
});

describe("a cost", () => {
  const design = (text: string): Problem["design"] => ({
    first: { method: "sobol", count: 4 },
    then: "optimise",
    cost: { expression: expression(text) },
  });

  it("divides what a setting is worth", () => {
    const task = choice({ design: design("1 + 3 * x0") });
    const plain = valuationOf({
      ...task,
      problem: { ...task.problem, design: { ...design("1"), acquisition: "log expected improvement" } },
    });
    const weighed = valuationOf(task);
    const setting = { x0: 0.6, x1: 0.2 };
    const features = Float64Array.of(0.6, 0.2);
    const [with_, without] = [weighed, plain].map(
      (each) => each?.acquisition.value(setting, features) as number,
    );
    expect((with_ as number) - (without as number)).toBeCloseTo(-Math.log(2.8), 9);
  });

  it("may depend on the setting before", () => {
    const factor = (pending: ReturnType<typeof choice>["pending"]) =>
      costFactor({ ...choice({ design: design("0.5 + abs(x0 - previous.x0)") }), pending }) as Factor;
    const near = factor([{ x0: 0.1, x1: 0 }]).value({ x0: 0.1, x1: 1 }, new Float64Array(2));
    const far = factor([{ x0: 0.1, x1: 0 }]).value({ x0: 0.6, x1: 1 }, new Float64Array(2));
    expect([near, far]).toEqual([-Math.log(0.5), -Math.log(1)]);
  });

  it("that isn't above 0 makes a setting worthless", () => {
    const factor = costFactor(choice({ design: design("x0 - 0.5") })) as Factor;
    expect(factor.value({ x0: 0.2, x1: 0 }, new Float64Array(2))).toBe(-Infinity);
  });

  it("makes near settings be tried first", () => {
    const moves = (text: string): number => {
      const { data } = play(
        problemOver(2, { design: { ...design(text), acquisition: "log expected improvement" } }),
        reactor,
        14,
      );
      return data
        .slice(5)
        .reduce(
          (sum, { setting }, i) =>
            sum + Math.abs((setting["x1"] as number) - (data[i + 4]?.setting["x1"] as number)),
          0,
        );
    };
    expect(moves("0.05 + abs(x1 - previous.x1)")).toBeLessThan(0.7 * moves("1"));
  });
});

it("factors reorder many candidates exactly as one by one", () => {
  const task = choice({
    limits: LIMITS,
    design: {
      first: { method: "sobol", count: 4 },
      then: "optimise",
      cost: { expression: expression("1 + x1") },
      prior: { x0: { kind: "normal", mean: 0.4, sd: 0.2 } },
    },
  });
  const acquisition = valuationOf(task)?.acquisition as Acquisition;
  const settings = gridSettings(12);
  const features = encodeAll(spaceFeatures(task.problem.space), settings);
  const points = { count: settings.length, dimension: 2, features };
  const { best: _, ...slow } = acquisition;
  const ranked = [acquisition, slow].map((each) =>
    bestOf(each, points, (row) => settings[row] ?? {}, 4).map(({ row }) => row),
  );
  expect(acquisition.best).toBeDefined();
  expect(ranked[0]).toEqual(ranked[1]);
});
