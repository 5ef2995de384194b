import { describe, expect, it } from "vitest";
import { choiceAfter, problemOver } from "../../../../test/support/choices.ts";
import { measured } from "../../../../test/support/processes.ts";
import { featureMap } from "../../../hypothesis/features.ts";
import { type TrainingData } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import type { Surrogate } from "../../../hypothesis/surrogate/surrogate.ts";
import { fitScores } from "./fit-scores.ts";
import type { ScoreFit } from "./score-fit.ts";

const problem = problemOver(1, {});
const map = featureMap(problem.space.parameters);
const wave = ([x = 0]: readonly number[]): number => Math.sin(6 * x);

function fit(
  current: TrainingData,
  earlier: readonly TrainingData[] = [],
  surrogate: Partial<Surrogate> = {},
): ScoreFit {
  const hypotheses = [{ kind: "surrogate", name: "surrogate", ...surrogate } as const];
  const choice = choiceAfter({ ...problem, hypotheses }, []);
  return fitScores(choice, "score", map, { current, earlier }) as ScoreFit;
}

function predicted({ members }: ScoreFit, x: number): number {
  return members.reduce(
    (sum, { process, weight }) => sum + weight * predictorOf(process)(Float64Array.of(x)).mean,
    0,
  );
}

describe("a fit to scores", () => {
  it("of no data at all is none", () => {
    const none = measured({ count: 0, dimension: 1, seed: 1, value: wave });
    expect(fitScores(choiceAfter(problem, []), "score", map, { current: none, earlier: [] })).toBeUndefined();
  });

  it("has the means that its models predict together", () => {
    const data = measured({ count: 6, dimension: 1, seed: 1, noise: 0.3, value: wave });
    const own = fit(data);
    for (const [i, mean] of own.means.entries())
      expect(mean).toBeCloseTo(predicted(own, data.inputs[i] as number), 8);
    expect(own.members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 14);
  });

  it("gives all repeats of a setting one mean", () => {
    const once = measured({ count: 8, dimension: 1, seed: 2, value: wave });
    const noisy = measured({ count: 24, dimension: 1, seed: 3, noise: 0.2, value: () => 0 });
    const inputs = Float64Array.from([...once.inputs, ...once.inputs, ...once.inputs]);
    const values = inputs.map((x, i) => wave([x]) + (noisy.values[i] as number));
    const { means, members } = fit({ ...noisy, inputs, values });
    expect(members[0]?.process.data.count).toBe(8);
    for (let i = 0; i < 8; i++) {
      expect(means[i + 8]).toBe(means[i]);
      expect(means[i + 16]).toBe(means[i]);
      // Three values of spread 0.2: four standard errors.
      expect(Math.abs((means[i] as number) - (once.values[i] as number))).toBeLessThan(
        (4 * 0.2) / Math.sqrt(3),
      );
    }
  });

  it("names the observation that can't be right, and goes without it", () => {
    const clean = measured({ count: 24, dimension: 1, seed: 4, noise: 0.03, value: wave });
    const own = fit({ ...clean, values: clean.values.map((y, i) => (i === 9 ? y + 4 : y)) });
    expect(own.outliers[0]?.row).toBe(9);
    const truth = Math.sin(6 * (clean.inputs[9] as number));
    expect(Math.abs((own.means[9] as number) - truth)).toBeLessThan(0.15);
  });

  it("keeps what can't be right where it is told to", () => {
    const clean = measured({ count: 24, dimension: 1, seed: 4, noise: 0.03, value: wave });
    const wrong = { ...clean, values: clean.values.map((y, i) => (i === 9 ? y + 4 : y)) };
    const own = fit(wrong, [], { outliers: "kept" });
    expect(own.outliers).toEqual([]);
    expect(own.means[9]).toBeGreaterThan((fit(wrong).means[9] as number) + 0.3);
  });

  it("finds what can't be right among more than it is tuned on", () => {
    const clean = measured({ count: 180, dimension: 1, seed: 4, noise: 0.03, value: wave });
    const wrong = [20, 77, 150];
    const values = clean.values.map((y, i) => (wrong.includes(i) ? y + 3 : y));
    const rows = fit({ ...clean, values }).outliers.map(({ row }) => row);
    expect(rows.sort((a, b) => a - b)).toEqual(wrong);
  });

  it.each(["matern52(x0) + linear(x0)", "rbf * periodic(x0)"])(
    "of kernel %s over an earlier campaign, too, is surer for it",
    (written) => {
      const kernel = written.split("+").map((term) =>
        term.split("*").map((factor) => {
          const [kind = "", ...named] = factor.trim().replace(")", "").split("(");
          return { kind: kind as "rbf", ...(named.length > 0 && { parameters: named }) };
        }),
      );
      const few = measured({ count: 5, dimension: 1, seed: 7, value: wave });
      const earlier = measured({ count: 25, dimension: 1, seed: 6, value: wave });
      const errorOf = (own: ScoreFit): number =>
        Math.max(...[0.1, 0.3, 0.5, 0.7, 0.9].map((x) => Math.abs(predicted(own, x) - wave([x]))));
      expect(errorOf(fit(few, [earlier], { kernel }))).toBeLessThan(0.5 * errorOf(fit(few, [], { kernel })));
    },
  );

  it("counts the rows of observations in outliers, also behind repeats", () => {
    const clean = measured({ count: 24, dimension: 1, seed: 4, noise: 0.03, value: wave });
    const repeats = clean.inputs.map((x, i) => (i < 4 ? (clean.inputs[0] as number) : x));
    const noise = measured({ count: 24, dimension: 1, seed: 5, noise: 0.03, value: () => 0 });
    const values = repeats.map((x, i) => wave([x]) + (noise.values[i] as number) + (i === 9 ? 4 : 0));
    expect(fit({ ...clean, inputs: repeats, values }).outliers[0]?.row).toBe(9);
  });

  it("predicts from an earlier campaign alone", () => {
    const none = measured({ count: 0, dimension: 1, seed: 1, value: wave });
    const own = fit(none, [measured({ count: 25, dimension: 1, seed: 6, value: wave })]);
    expect(own.means).toHaveLength(0);
    expect(own.members[0]?.process.data.dimension).toBe(1);
    // The current campaign may be another one, so that what is expected is drawn towards the mean.
    expect(predicted(own, 0.26)).toBeGreaterThan(predicted(own, 0.78));
  });

  it("is surer with an earlier campaign of the same function", () => {
    const few = measured({ count: 5, dimension: 1, seed: 7, value: wave });
    const earlier = measured({ count: 25, dimension: 1, seed: 6, value: wave });
    const errorOf = (own: ScoreFit): number =>
      Math.max(...[0.1, 0.3, 0.5, 0.7, 0.9].map((x) => Math.abs(predicted(own, x) - wave([x]))));
    expect(errorOf(fit(few, [earlier]))).toBeLessThan(0.5 * errorOf(fit(few)));
    expect(fit(few, [earlier]).means).toHaveLength(5);
  });

  it("gives an earlier campaign its say as far as it expects the current results", () => {
    const current = measured({ count: 9, dimension: 1, seed: 7, value: wave });
    const after = (value: typeof wave): ScoreFit =>
      fit(current, [measured({ count: 25, dimension: 1, seed: 6, value })]);
    const informed = ({ members }: ScoreFit): number =>
      members.reduce((sum, { process, weight }) => sum + (process.data.count > 9 ? weight : 0), 0);
    const [same, rough] = [after(wave), after(([x = 0]) => Math.sin(40 * x))];
    expect(informed(same)).toBeGreaterThan(0.9);
    expect(informed(rough)).toBeLessThan(0.5);
    for (const { members, means } of [same, rough]) {
      const weights = members.map(({ weight }) => weight);
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
      expect(weights).toEqual([...weights].sort((a, b) => b - a));
      for (const [i, mean] of means.entries())
        expect(mean).toBeCloseTo(predicted({ members } as ScoreFit, current.inputs[i] as number), 8);
    }
  });

  it("of very many data looks at a part and tells its error at the others", () => {
    const data = measured({ count: 1540, dimension: 1, seed: 8, noise: 0.1, value: wave });
    const { approximation, means } = fit(data);
    expect(approximation).toMatchObject({ used: 1500, of: 1540 });
    // What is left is the noise, a share of 0.1/√(0.1² + spread²); 40 places know it to 4/√80.
    const centre = data.values.reduce((a, b) => a + b, 0) / 1540;
    const spread = Math.sqrt(data.values.reduce((sum, y) => sum + (y - centre) ** 2, 0) / 1540);
    expect(Math.abs((approximation?.error ?? 0) * spread - 0.1)).toBeLessThan((0.1 * 4) / Math.sqrt(80));
    expect(means.filter((mean) => mean === -Infinity)).toHaveLength(40);
    const best = [...data.values.keys()].sort(
      (a, b) => (data.values[b] as number) - (data.values[a] as number),
    );
    for (const row of best.slice(0, 500)) expect(means[row]).toBeGreaterThan(-Infinity);
  });
});
