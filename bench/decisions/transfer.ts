import type { Result } from "labloop";
import { type Claim, type Contest, type Extent, type Goal, type Ground, shortened, wayOf } from "./claim.ts";
import { CLASSIC_FUNCTIONS } from "./classic-functions.ts";
import { spreadOf } from "./function-spread.ts";
import type { TestFunction } from "./functions.ts";
import { labloopOptimiser, settingOf } from "./labloop-optimiser.ts";
import { randomNumbers } from "./random-numbers.ts";
import { evenPoints } from "./start-points.ts";

/** Experiments of a campaign, by function: early ones are what earlier data can save. */
const PLAYED: Readonly<Record<string, number>> = { branin: 20, hartmann3: 20, hartmann6: 30 };
const EARLIER_EXPERIMENTS = 30;
const EARLIER_STREAM = 4_000_037;
const OTHER_FUNCTION_STREAM = 5_000_011;

/** How far the minimum of the earlier function lies away in each parameter, as a share of its range. */
const MOVED = 0.05;

type Earlier = (test: TestFunction, seed: number) => (point: readonly number[]) => number;

const valueAt = ({ evaluate }: TestFunction, point: readonly number[]): number => evaluate(point) as number;

/** The same function, twice as steep and on another level, its minimum moved in a direction that the seed draws. */
const related: Earlier = (test, seed) => {
  const random = randomNumbers(seed + OTHER_FUNCTION_STREAM);
  const { sd } = spreadOf(test);
  const moves = test.columns.map(({ min, max }) => (random.uniform() < 0.5 ? -1 : 1) * MOVED * (max - min));
  const moved = (point: readonly number[]): number[] => point.map((each, i) => each + (moves[i] as number));
  return (point) => 2 * valueAt(test, moved(point)) + 3 * sd;
};

/** A bowl around any setting, with the mean and the spread of the function. */
const unrelated: Earlier = (test, seed) => {
  const random = randomNumbers(seed + OTHER_FUNCTION_STREAM);
  const lowest = test.columns.map(() => random.uniform());
  const bowl = (point: readonly number[]): number =>
    test.columns.reduce((sum, { min, max }, i) => {
      const away = ((point[i] as number) - min) / (max - min) - (lowest[i] as number);
      return sum + away ** 2;
    }, 0);
  const own = spreadOf(test);
  const bowls = spreadOf({ ...test, evaluate: bowl });
  return (point) => own.mean + (own.sd / bowls.sd) * (bowl(point) - bowls.mean);
};

/** Good where the function is bad. */
const negated: Earlier = (test) => {
  const { mean } = spreadOf(test);
  return (point) => 2 * mean - valueAt(test, point);
};

const KINDS: readonly { readonly name: string; readonly earlier: Earlier; readonly goal: Goal }[] = [
  { name: "same function, moved", earlier: related, goal: { kind: "better", by: ["area"] } },
  { name: "another function", earlier: unrelated, goal: { kind: "not worse" } },
  { name: "negated function", earlier: negated, goal: { kind: "not worse" } },
];

function earlierResults(test: TestFunction, seed: number, earlier: Earlier): Result[] {
  const value = earlier(test, seed);
  return evenPoints(test, seed + EARLIER_STREAM, EARLIER_EXPERIMENTS).map((point) => ({
    setting: settingOf(test, point),
    outcome: { y: value(point) },
  }));
}

async function* contests(extent: Extent): AsyncGenerator<Contest> {
  const tests = CLASSIC_FUNCTIONS.flatMap((test) => {
    const experiments = PLAYED[test.name];
    return experiments === undefined ? [] : [{ ...test, experiments }];
  });
  for (const test of shortened(tests, extent)) {
    const ground: Ground = { test, extent, start: [] };
    const theirs = await wayOf("no earlier data", ground, (seed) => labloopOptimiser(test, seed));
    for (const { name, earlier, goal } of KINDS) {
      const ours = await wayOf(name, ground, (seed) =>
        labloopOptimiser(test, seed, { earlier: [earlierResults(test, seed, earlier)] }),
      );
      yield { test, ours, theirs, goal };
    }
  }
}

/** Data of earlier campaigns. */
export const TRANSFER: Claim = {
  name: "transfer",
  text: `${EARLIER_EXPERIMENTS} earlier experiments, spread evenly: of the same function on another level and twice as steep, its minimum moved by ${100 * MOVED} % of the range of each parameter; of a bowl around any other setting; of the negated function. Campaigns begin with labloop's own start.`,
  figures: ["regret", "area"],
  contests,
};
