import { describe, expect, it } from "vitest";
import {
  choiceAfter,
  gradientError,
  gridSettings,
  maximised,
  observed,
  type Process,
  problemOver,
} from "../../../../test/support/choices.ts";
import { randomStream } from "../../../base/random.ts";
import { encodeAll } from "../../../hypothesis/features.ts";
import { sampleFeasible } from "../../space/sample-feasible.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { improvingFront } from "./improving-front.ts";

const objectives = [maximised("one"), maximised("other")];
const problem = problemOver(2, { goal: { kind: "optimise", objectives } });
const random = randomStream(1, 0, "noise");
const exact: Process = ({ x0 = 0, x1 = 0 }) => ({ one: x0 * (1 - 0.3 * x1), other: 1 - x0 * x0 + 0.2 * x1 });
const noisy: Process = (setting) => {
  const { one = 0, other = 0 } = exact(setting) as Record<string, number>;
  return { one: one + 0.1 * random.normal(), other: other + 0.1 * random.normal() };
};

function acquisitionOf(process: Process): Acquisition {
  const settings = sampleFeasible(problem.space, 14, randomStream(2, 0, "start"));
  return improvingFront(choiceAfter(problem, observed(settings, process)), objectives)
    ?.acquisition as Acquisition;
}

describe.each([
  ["known", exact],
  ["noisy", noisy],
])("the improvement of a front that is %s", (_, process) => {
  const acquisition = acquisitionOf(process);
  const value = (x: Float64Array): number => acquisition.value({}, x);

  it.each([[[0.3, 0.8]], [[0.9, 0.1]], [[0.05, 0.95]]])(
    "has the gradient of central differences at %j",
    (at) => {
      expect(gradientError(acquisition.derive as NonNullable<Acquisition["derive"]>, value, at)).toBeLessThan(
        1e-3,
      );
    },
  );

  it("gives the best of many candidates as they are one by one", () => {
    const settings = gridSettings(15);
    const map = spaceFeatures(problem.space);
    const features = encodeAll(map, settings);
    const points = { count: 225, dimension: 2, features, settingOf: (row: number) => settings[row] ?? {} };
    const all = settings
      .map((_, row) => ({ row, value: value(features.subarray(2 * row, 2 * row + 2)) }))
      .sort((a, b) => b.value - a.value || a.row - b.row);
    const best = acquisition.best?.(points, 5) ?? [];
    expect(best.map(({ row }) => row)).toEqual(all.slice(0, 5).map(({ row }) => row));
    expect(best[0]?.value).toBeCloseTo(all[0]?.value as number, 9);
    const odd = acquisition.best?.(points, 3, (each, row) => (row % 2 === 0 ? -Infinity : each)) ?? [];
    expect(odd.map(({ row }) => row)).toEqual(
      all
        .filter(({ row }) => row % 2 === 1)
        .slice(0, 3)
        .map(({ row }) => row),
    );
  });
});

it("a reference that is given is where the hypervolume begins", () => {
  const settings = sampleFeasible(problem.space, 14, randomStream(2, 0, "start"));
  const task = choiceAfter(problem, observed(settings, exact));
  const given = objectives.map((objective) => ({ ...objective, reference: 5 }));
  expect(improvingFront(task, given)?.hypervolume).toBe(0);
  expect(improvingFront(task, objectives)?.hypervolume).toBeGreaterThan(0);
});
