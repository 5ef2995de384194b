import { describe, expect, it } from "vitest";
import { meanOf, measurementsIn, ran } from "../../../../test/support/campaigns.ts";
import { observed, type Process, problemOver } from "../../../../test/support/choices.ts";
import { measured } from "../../../../test/support/processes.ts";
import { randomStream } from "../../../base/random.ts";
import { featureMap } from "../../../hypothesis/features.ts";
import type { Observation } from "../../../hypothesis/observation.ts";
import { sampleFeasible } from "../../space/sample-feasible.ts";
import { joinEarlier } from "./earlier-data.ts";

const random = () => randomStream(1, 0, "earlier");
const map = featureMap(problemOver(2, {}).space.parameters);

describe("earlier data", () => {
  const value = ([a = 0, b = 0]: readonly number[]): number => a + 2 * b;
  const current = measured({ count: 4, dimension: 2, seed: 1, value });
  const earlier = [3, 5].map((count) => measured({ count, dimension: 2, seed: count, value }));

  it("stand behind the current ones, each campaign with a feature and a length of its own", () => {
    const { data, groups, groupCount } = joinEarlier(map, current, earlier, random());
    expect([data.count, data.dimension, groupCount]).toEqual([12, 4, 4]);
    expect([...groups]).toEqual([0, 1, 2, 3]);
    const marks = Array.from({ length: 12 }, (_, row) =>
      [...data.inputs.subarray(4 * row + 2, 4 * row + 4)].join(""),
    );
    expect(marks).toEqual([...Array(4).fill("00"), ...Array(3).fill("10"), ...Array(5).fill("01")]);
    expect([...data.inputs.subarray(16, 18)]).toEqual([...(earlier[0]?.inputs.subarray(0, 2) ?? [])]);
    expect([...data.values.subarray(0, 4)]).toEqual([...current.values]);
  });

  it("lose a difference of level", () => {
    const shifted = { ...current, values: current.values.map((each) => each + 100) };
    const { data } = joinEarlier(map, current, [shifted], random());
    for (let i = 0; i < 4; i++) expect(data.values[4 + i]).toBeCloseTo(current.values[i] as number, 10);
  });

  it("keep their level while nothing is measured in the current campaign", () => {
    const none = measured({ count: 0, dimension: 2, seed: 1, value });
    const [first] = earlier as [typeof current];
    expect([...joinEarlier(map, none, [first], random()).data.values]).toEqual([...first.values]);
  });

  it("are at most 150 of each campaign", () => {
    const many = measured({ count: 400, dimension: 2, seed: 1, value });
    expect(joinEarlier(map, current, [many], random()).data.count).toBe(154);
  });
});

const hill: Process = ({ x0 = 0, x1 = 0 }) => ({ y: Math.exp(-12 * ((x0 - 0.72) ** 2 + (x1 - 0.23) ** 2)) });

function earlierOf(process: Process, seed: number): Observation[] {
  const { space } = problemOver(2, {});
  return observed(sampleFeasible(space, 25, randomStream(seed, 0, "earlier settings")), process);
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const EXPERIMENTS = 20;

describe("a campaign after an earlier one", () => {
  const without = SEEDS.map((seed) => ran(problemOver(2, { seed }), hill, EXPERIMENTS));

  it("of the same hill on another level is near the top sooner", () => {
    const shifted: Process = (setting) => ({ y: (hill(setting)?.["y"] as number) + 2 });
    const first = (data: readonly Observation[]): number => {
      const at = measurementsIn(data, "y").findIndex((y) => y > 0.95);
      return at < 0 ? Infinity : at;
    };
    const sooner = SEEDS.filter((seed, k) => {
      const after = ran(problemOver(2, { seed, earlier: [earlierOf(shifted, seed)] }), hill, 8);
      return first(after) < first(without[k] ?? []);
    });
    // If the earlier campaign didn't help, this would be so once in 2⁸ times.
    expect(sooner).toEqual(SEEDS);
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
