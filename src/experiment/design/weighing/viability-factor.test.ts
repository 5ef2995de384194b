import { expect, it } from "vitest";
import { meanOf, measurementsIn, ran } from "../../../../test/support/campaigns.ts";
import {
  choiceAfter,
  maximised,
  observed,
  type Process,
  problemOver,
} from "../../../../test/support/choices.ts";
import { randomStream } from "../../../base/random.ts";
import type { Setting } from "../../../hypothesis/parameter.ts";
import { initialBelief } from "../../../update/bayes/update-belief.ts";
import { sampleFeasible } from "../../space/sample-feasible.ts";
import { upperConfidenceBound } from "../acquisition/confidence-bound.ts";
import { decide } from "../decide.ts";
import { type ScoreModel, scoreModelOf } from "../model/score-model.ts";
import type { Problem } from "../task/problem.ts";
import { mostViable, viabilityIn, whereViable } from "./viability-factor.ts";

/** Better and better towards the corner, but beyond a line nothing comes out. */
const cliff: Process = ({ x0 = 0, x1 = 0 }) => (x0 + x1 > 1.2 ? undefined : { y: x0 + 0.8 * x1 });

const EXPERIMENTS = 16;

/** A campaign in which failures count as settings that never end. */
function ranBlind(problem: Problem): Setting[] {
  const settings: Setting[] = [];
  while (settings.length < EXPERIMENTS) {
    const pending = settings.filter(fails);
    const data = observed(
      settings.filter((each) => !fails(each)),
      cliff,
    );
    const task = { problem, data, belief: initialBelief(problem), pending, count: 1 };
    settings.push(decide({ ...task, decision: settings.length })[0]?.setting as Setting);
  }
  return settings;
}

function fails(setting: Setting): boolean {
  return cliff(setting as Record<string, number>) === undefined;
}

function bestOf(settings: readonly Setting[]): number {
  return Math.max(...measurementsIn(observed(settings, cliff), "y"));
}

it("a campaign that learns where experiments fail has fewer failures, and finds as good a setting", () => {
  const pairs = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
    const problem = problemOver(2, { seed });
    const learned = ran(problem, cliff, EXPERIMENTS).map(({ setting }) => setting);
    const blind = ranBlind(problem);
    return {
      saved: blind.filter(fails).length - learned.filter(fails).length,
      gained: bestOf(learned) - bestOf(blind),
    };
  });
  const saved = meanOf(pairs.map((each) => each.saved));
  const gained = meanOf(pairs.map((each) => each.gained));
  // One-sided at the 0.1 % level of a t distribution with 7 degrees of freedom.
  expect(saved.mean / saved.error).toBeGreaterThan(4.79);
  expect(gained.mean / gained.error).toBeGreaterThan(-4.79);
});

function choice() {
  const problem = problemOver(2, {});
  return choiceAfter(
    problem,
    observed(sampleFeasible(problem.space, 20, randomStream(2, 0, "start")), cliff),
  );
}

it("nothing is learned while no experiment has failed", () => {
  const problem = problemOver(1, {});
  const data = observed([{ x0: 0.5 }], () => ({ y: 1 }));
  expect(viabilityIn(choiceAfter(problem, data))).toBeUndefined();
});

it("is learned once a decision", () => {
  const task = choice();
  expect(viabilityIn(task)).toBeDefined();
  expect(viabilityIn(task)).toBe(viabilityIn(task));
});

it("takes the same part of what a setting is worth above nothing, of one as of many", () => {
  const task = choice();
  const model = scoreModelOf(task, maximised("y")) as ScoreModel;
  const viability = viabilityIn(task) as NonNullable<ReturnType<typeof viabilityIn>>;
  const plain = upperConfidenceBound(model.members, 1, model.worst);
  const careful = whereViable(task, plain);
  const settings = sampleFeasible(task.problem.space, 50, randomStream(5, 0, "places"));
  const features = Float64Array.from(settings.flatMap(({ x0, x1 }) => [Number(x0), Number(x1)]));
  const points = { count: 50, dimension: 2, features, settingOf: (row: number) => settings[row] as Setting };
  const ranked = careful.best?.(points, 50) ?? [];
  expect(ranked).toHaveLength(50);
  for (const { row, value } of ranked) {
    const at = features.subarray(2 * row, 2 * row + 2);
    const above = Math.max(0, plain.value({}, at) - model.worst);
    expect(value).toBeCloseTo(model.worst + above * viability.probability(at), 9);
    expect(careful.value({}, at)).toBeCloseTo(value, 9);
  }
});

it("the most viable setting is the one where a result is most probable", () => {
  const task = choice();
  const viability = viabilityIn(task) as NonNullable<ReturnType<typeof viabilityIn>>;
  const at = Float64Array.of(0.2, 0.3);
  expect(mostViable(task)?.acquisition.value({}, at)).toBe(viability.probability(at));
  expect(viability.probability(at)).toBeGreaterThan(viability.probability(Float64Array.of(0.9, 0.9)));
});
