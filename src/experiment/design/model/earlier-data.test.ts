import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { meanOf, measurementsIn, ran } from "../../../../test/support/campaigns.ts";
import { observed, type Process, problemOver } from "../../../../test/support/choices.ts";
import { conditioned, measured, randomProcess, tuningOf } from "../../../../test/support/processes.ts";
import { randomStream } from "../../../base/random.ts";
import { featureMap } from "../../../hypothesis/features.ts";
import type { Observation } from "../../../hypothesis/observation.ts";
import type { TrainingData } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { halfRankWarp, noWarp, type OutputWarp } from "../../../hypothesis/surrogate/output-warp.ts";
import { predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import { rowsOf } from "../../../hypothesis/surrogate/training-data.ts";
import { sampleFeasible } from "../../space/sample-feasible.ts";
import { evidenceOfFirst, joinEarlier, onOneScale, type WarpedScores } from "./earlier-data.ts";

const random = () => randomStream(1, 0, "earlier");
const map = featureMap(problemOver(2, {}).space.parameters);

describe("earlier data", () => {
  const value = ([a = 0, b = 0]: readonly number[]): number => a + 2 * b;
  const current = measured({ count: 4, dimension: 2, seed: 1, value });
  const earlier = [3, 5].map((count) => measured({ count, dimension: 2, seed: count, value }));

  it("stand behind the current ones, each campaign with a feature and a length of its own", () => {
    const { data, groups } = joinEarlier(map, current, earlier, random());
    expect([data.count, data.dimension]).toEqual([12, 4]);
    expect([...groups]).toEqual([0, 1, 2, 3]);
    const marks = Array.from({ length: 12 }, (_, row) =>
      [...data.inputs.subarray(4 * row + 2, 4 * row + 4)].join(""),
    );
    expect(marks).toEqual([...Array(4).fill("00"), ...Array(3).fill("10"), ...Array(5).fill("01")]);
    expect([...data.inputs.subarray(16, 18)]).toEqual([...(earlier[0]?.inputs.subarray(0, 2) ?? [])]);
    expect([...data.values.subarray(0, 4)]).toEqual([...current.values]);
  });

  it("are at most 150 of each campaign", () => {
    const many = measured({ count: 400, dimension: 2, seed: 1, value });
    expect(joinEarlier(map, current, [many], random()).data.count).toBe(154);
  });
});

describe("the scores of all campaigns", () => {
  const value = ([a = 0, b = 0]: readonly number[]): number => a * b;
  const earlier = measured({ count: 12, dimension: 2, seed: 2, value });
  const currentOf = (count: number): TrainingData =>
    measured({ count, dimension: 2, seed: 1, noise: 0.1, value });

  it("lose a difference of level and of spread", () => {
    const current = currentOf(7);
    const higher = { ...current, values: current.values.map((each) => 3 * each + 100) };
    const scores = onOneScale(current, [higher], halfRankWarp);
    for (const [i, each] of scores.current.values.entries())
      expect(scores.earlier[0]?.values[i]).toBeCloseTo(each, 10);
  });

  it("keep their spread while two results say nothing of it, and what is upside down", () => {
    const two = currentOf(2);
    const steeper = { ...two, values: two.values.map((each) => 3 * each) };
    const spreadOf = (values: Float64Array): number =>
      Math.abs((values[0] as number) - (values[1] as number));
    expect(spreadOf(onOneScale(two, [steeper], noWarp).earlier[0]?.values as Float64Array)).toBeCloseTo(
      spreadOf(steeper.values),
      12,
    );
    const current = currentOf(7);
    const negated = { ...current, values: current.values.map((each) => -each) };
    const [own] = onOneScale(current, [negated], noWarp).earlier;
    const order = (values: ArrayLike<number>): number[] =>
      Array.from(values, (_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
    expect(order(own?.values ?? [])).toEqual(order(current.values).reverse());
  });

  it("keep the level of the first campaign while nothing is measured in the current one", () => {
    const higher = { ...earlier, values: earlier.values.map((each) => each + 100) };
    const scores = onOneScale(currentOf(0), [earlier, higher], noWarp);
    for (const [i, each] of (scores.earlier[0]?.values ?? []).entries())
      expect(scores.earlier[1]?.values[i]).toBeCloseTo(each, 10);
    expect(scores.current.count).toBe(0);
  });

  it("have one order, whichever campaign they are of", () => {
    for (const count of [3, 9]) {
      const scores = onOneScale(currentOf(count), [earlier], halfRankWarp);
      const all = [scores.current, ...scores.earlier].flatMap(({ values }) => [...values]);
      const raw = onOneScale(currentOf(count), [earlier], noWarp);
      const unwarped = [raw.current, ...raw.earlier].flatMap(({ values }) => [...values]);
      const order = (values: readonly number[]): number[] =>
        [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
      expect(order(all)).toEqual(order(unwarped));
    }
  });

  it("have the scale of the current campaign, as if there were no other, once it has five results", () => {
    const without = (count: number): WarpedScores => onOneScale(currentOf(count), [], halfRankWarp);
    const after = (count: number): WarpedScores => onOneScale(currentOf(count), [earlier], halfRankWarp);
    expect(after(5).current).toEqual(without(5).current);
    expect(after(4).current).not.toEqual(without(4).current);
  });

  it("take their uncertainty with them", () => {
    const twice = (scores: Float64Array): OutputWarp => ({
      warped: scores.map((score) => 2 * score),
      warp: (score) => 2 * score,
      unwarp: (each) => each / 2,
      slopeAt: () => 2,
    });
    const known = (data: TrainingData): TrainingData => ({ ...data, variances: data.values.map(() => 0.25) });
    // An earlier campaign of the same spread.
    const scores = onOneScale(known(currentOf(6)), [known(currentOf(6))], twice);
    for (const { variances } of [scores.current, ...scores.earlier])
      for (const variance of variances) expect(variance).toBeCloseTo(1, 12);
  });
});

property.prop([fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5 })])(
  "the evidence for current results is how well each is expected from the earlier and those before it",
  (seed, count) => {
    const gp = randomProcess(seed, count + 6, 2);
    const expectedFrom = (last: number): number => {
      const rows = Array.from({ length: gp.data.count - last - 1 }, (_, i) => i + last + 1);
      const { mean, variance } = predictorOf(conditioned(rowsOf(gp.data, rows), tuningOf(gp)))(
        gp.data.inputs,
        last * gp.data.dimension,
      );
      const all = variance + tuningOf(gp).noise + (gp.data.variances[last] as number);
      return -0.5 * (Math.log(all) + ((gp.data.values[last] as number) - mean) ** 2 / all);
    };
    const expected = Array.from({ length: count }, (_, last) => expectedFrom(last));
    expect(evidenceOfFirst(gp, count)).toBeCloseTo(
      expected.reduce((a, b) => a + b, 0),
      6,
    );
  },
);

const hill: Process = ({ x0 = 0, x1 = 0 }) => ({ y: Math.exp(-12 * ((x0 - 0.72) ** 2 + (x1 - 0.23) ** 2)) });

function earlierOf(process: Process, seed: number): Observation[] {
  const { space } = problemOver(2, {});
  return observed(sampleFeasible(space, 25, randomStream(seed, 0, "earlier settings")), process);
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const EXPERIMENTS = 20;

describe("a campaign after an earlier one", () => {
  const without = SEEDS.map((seed) => ran(problemOver(2, { seed }), hill, EXPERIMENTS));

  it("of the same hill on another level is near the top sooner, and never later", () => {
    const shifted: Process = (setting) => ({ y: (hill(setting)?.["y"] as number) + 2 });
    const first = (data: readonly Observation[]): number => {
      const at = measurementsIn(data, "y").findIndex((y) => y > 0.95);
      return at < 0 ? Infinity : at;
    };
    const gains = SEEDS.map((seed, k) => {
      const after = ran(problemOver(2, { seed, earlier: [earlierOf(shifted, seed)] }), hill, EXPERIMENTS);
      return first(without[k] ?? []) - first(after);
    });
    expect(Math.min(...gains)).toBeGreaterThanOrEqual(0);
    // If the earlier campaign didn't help, six of six that aren't equal would be so once in 2⁶ times.
    expect(gains.filter((gain) => gain > 0).length).toBeGreaterThanOrEqual(6);
  });

  it("of something else finds the top all the same, if later", () => {
    const other: Process = ({ x0 = 0, x1 = 0 }) => ({ y: Math.sin(9 * x0) * Math.cos(7 * x1) });
    const best = (data: readonly Observation[]): number => Math.max(...measurementsIn(data, "y"));
    const losses = SEEDS.map((seed, k) => {
      const earlier = [earlierOf(other, seed)];
      return best(without[k] ?? []) - best(ran(problemOver(2, { seed, earlier }), hill, EXPERIMENTS));
    });
    const { mean, error } = meanOf(losses);
    // One-sided at the 1 % level of a t distribution with 7 degrees of freedom, and a hundredth of the height.
    expect(mean).toBeLessThan(3 * error + 0.01);
    // No single campaign stays on the wrong hill, which is lower by a half.
    expect(Math.max(...losses)).toBeLessThan(0.1);
  });
});
