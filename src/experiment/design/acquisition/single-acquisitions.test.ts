import { describe, expect, it } from "vitest";
import {
  choiceAfter,
  gradientError,
  nextAfter,
  observed,
  type Process,
  problemOver,
} from "../../../../test/support/choices.ts";
import { randomStream } from "../../../base/random.ts";
import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { extendBy } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import { sampledAt } from "../../../hypothesis/surrogate/sampled-process.ts";
import { logImprovement, normalQuantile } from "../../../numerics/index.ts";
import { sampleFeasible } from "../../space/sample-feasible.ts";
import type { Predictive } from "../model/predictive.ts";
import { type ScoreModel, scoreModelOf } from "../model/score-model.ts";
import type { AcquisitionName, Problem } from "../task/problem.ts";
import type { Acquisition } from "./acquisition.ts";
import { straddle } from "./boundary.ts";
import { chosenAcquisition } from "./chosen-acquisition.ts";
import { knowledgeGradient } from "./knowledge-gradient.ts";
import { scoreImprovement } from "./score-improvement.ts";
import { thompsonSample } from "./thompson.ts";

const hill: Process = ({ x0 = 0, x1 = 0 }) => ({ y: Math.exp(-8 * ((x0 - 0.7) ** 2 + (x1 - 0.2) ** 2)) });

function choice(changes: Partial<Problem> = {}, process: Process = hill) {
  const problem = problemOver(2, changes);
  const settings = sampleFeasible(problem.space, 12, randomStream(2, 0, "start"));
  return choiceAfter(problem, observed(settings, process));
}

const task = choice();
const model = scoreModelOf(task, { measurement: "y", direction: { kind: "maximise" } }) as ScoreModel;

describe.each<AcquisitionName>(["upper confidence bound", "log expected improvement", "thompson"])(
  "the acquisition %s",
  (acquisition) => {
    const own = chosenAcquisition(choice({ design: { ...task.problem.design, acquisition } }), model);

    it.each([[[0.5, 0.5]], [[0.66, 0.31]], [[0.05, 0.9]]])(
      "has the gradient of central differences at %j",
      (at) => {
        const value = (x: Float64Array): number => own.value({}, x);
        expect(gradientError(own.derive as NonNullable<Acquisition["derive"]>, value, at)).toBeLessThan(1e-3);
      },
    );
  },
);

it.each<AcquisitionName>([
  "upper confidence bound",
  "log expected improvement",
  "thompson",
  "knowledge gradient",
])("%s comes near the top of a hill in 20 experiments", (acquisition) => {
  const problem = problemOver(2, {
    design: { first: { method: "sobol", count: 6 }, then: "optimise", acquisition },
  });
  let data = observed([], hill);
  while (data.length < 20) {
    const { setting } = nextAfter(problem, data) ?? { setting: {} };
    data = observed([...data.map((each) => each.setting), setting], hill);
  }
  const best = Math.max(
    ...data.map(({ setting }) => hill(setting as Record<string, number>)?.["y"] as number),
  );
  expect(best).toBeGreaterThan(0.97);
});

it("expected improvement of one model is its closed form", () => {
  const [member] = model.members as [FittedProcess];
  const at = Float64Array.of(0.4, 0.4);
  const { mean, variance } = predictorOf(member.process)(at);
  const sd = Math.sqrt(variance);
  const single = scoreImprovement([{ ...member, weight: 1 }], 0.6);
  expect(single.value({}, at)).toBeCloseTo(logImprovement((mean - 0.6) / sd) + Math.log(sd), 12);
});

it.each([[[0.6, 0.35]], [[0.95, 0.05]]])(
  "the knowledge gradient at %j agrees with every next measurement",
  (at) => {
    const [{ process }] = model.members as [FittedProcess];
    const points = Float64Array.from([...process.data.inputs, ...at]);
    const here = Float64Array.from(at);
    const bestOf = (gp: typeof process): number =>
      Math.max(...Array.from({ length: points.length / 2 }, (_, p) => predictorOf(gp)(points, 2 * p).mean));
    const { mean, variance } = predictorOf(process)(here);
    const sd = Math.sqrt(variance + process.scale * process.scale * process.hyper.noise);
    let gain = -bestOf(process);
    const nodes = 2000;
    for (let i = 0; i < nodes; i++)
      gain += bestOf(extendBy(process, here, mean + sd * normalQuantile((i + 0.5) / nodes))) / nodes;
    const value = Math.exp(knowledgeGradient(process, process.data.inputs).value({}, here));
    // The quantiles leave out a part of the tails that is worth a few thousandths of a standard deviation.
    expect(Math.abs(value - gain)).toBeLessThan(0.003 * sd);
    expect(value).toBeGreaterThan(0);
  },
);

describe("the straddle of a boundary", () => {
  const told = (mean: number, sd: number): Predictive =>
    ({ weight: 1, expect: () => ({ mean, sd }) }) as unknown as Predictive;

  it("is what is left of 1.96 spreads after the distance", () => {
    expect(straddle([told(3, 1)], 3, 0).value({}, new Float64Array(0))).toBeCloseTo(1.96, 12);
    expect(straddle([told(5, 1)], 3, 0).value({}, new Float64Array(0))).toBeCloseTo(-0.04, 12);
    expect(straddle([told(1, 0.5)], 3, 0).value({}, new Float64Array(0))).toBeCloseTo(-1.02, 12);
  });

  it("puts experiments near the boundary", () => {
    const plane: Process = ({ x0 = 0, x1 = 0 }) => ({ y: x0 * x0 + x1 });
    const goal = { kind: "boundary", measurement: "y", value: 1 } as const;
    const problem = problemOver(2, { goal });
    const methods: (string | undefined)[] = [];
    let data = observed([], plane);
    while (data.length < 18) {
      const { setting, reasons } = nextAfter(problem, data) ?? { setting: {}, reasons: undefined };
      methods.push(reasons?.method);
      data = observed([...data.map((each) => each.setting), setting], plane);
    }
    const far = data
      .slice(8)
      .map(({ setting }) => Math.abs((plane(setting as Record<string, number>)?.["y"] as number) - 1));
    expect(far.reduce((a, b) => a + b, 0) / far.length).toBeLessThan(0.15);
  });
});

describe("a Thompson sample of a short list", () => {
  const points = { dimension: 2, ...listOf(40) };
  const draw = (seed: number): number | undefined =>
    thompsonSample(model.members, model.worst, randomStream(seed, 0, "thompson")).best?.(points, 1)[0]?.row;

  it("takes each candidate as often as it is the best in joint draws of the members", () => {
    const draws = 1500;
    const wins = new Map<number, number>();
    for (let k = 0; k < draws; k++) {
      const row = draw(k) as number;
      wins.set(row, (wins.get(row) ?? 0) + 1);
    }
    const expected = new Map<number, number>();
    for (const { process, weight } of model.members) {
      const normals = Array.from({ length: draws }, (_, k) => {
        const random = randomStream(9, k, "normals");
        return Float64Array.from({ length: points.count }, () => random.normal());
      });
      for (const values of sampledAt(process, points.features, normals).values) {
        const row = values.indexOf(Math.max(...values));
        expected.set(row, (expected.get(row) ?? 0) + weight);
      }
    }
    for (const [row, count] of expected) {
      const share = count / draws;
      const error = Math.sqrt((2 * share * (1 - share)) / draws);
      expect(Math.abs((wins.get(row) ?? 0) / draws - share)).toBeLessThan(4 * error + 2e-3);
    }
  });
});

function listOf(count: number) {
  const random = randomStream(4, 0, "list");
  const features = Float64Array.from({ length: 2 * count }, () => random.uniform());
  return { count, features, settingOf: () => ({}) };
}
