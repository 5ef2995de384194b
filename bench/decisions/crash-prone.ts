import type { Optimiser, Point, Told } from "../peers/optimiser.ts";
import { type Claim, type Contest, type Extent, type Ground, shortened, wayOf } from "./claim.ts";
import { CLASSIC_FUNCTIONS, HARTMANN6_MINIMUM, hartmann6 } from "./classic-functions.ts";
import { spreadOf } from "./function-spread.ts";
import { box, type TestFunction } from "./functions.ts";
import { HARD_FUNCTIONS } from "./hard-functions.ts";
import { labloopOptimiser } from "./labloop-optimiser.ts";

const { evaluate: levy } = CLASSIC_FUNCTIONS.find(({ name }) => name === "levy4") as TestFunction;

/** Functions whose experiments fail in a region that nobody knows. */
const CRASH_PRONE: readonly TestFunction[] = [
  HARD_FUNCTIONS.find(({ name }) => name === "branin-fails") as TestFunction,
  {
    // Half of the cube fails, and in it the second-best local minimum, -3.20 near (0.40, 0.88, 0.85, 0.57, 0.14, 0.04).
    name: "hartmann6-half-fails",
    columns: box(6, 0, 1),
    minimum: HARTMANN6_MINIMUM,
    experiments: 40,
    evaluate: (x) => ((x[1] as number) + (x[2] as number) > 1 ? undefined : hartmann6(x)),
  },
  {
    // 31 % fails; from the minimum, at (1, 1, 1, 1), a twentieth of its range in every parameter leads there.
    name: "levy4-edge",
    columns: box(4, -10, 10),
    minimum: 0,
    experiments: 40,
    evaluate: (x) => (x.reduce((sum, each) => sum + each, 0) > 6 ? undefined : levy(x)),
  },
];

type Telling = (optimiser: Optimiser<Point>) => Optimiser<Point>;

/** A failure counts as the worst value seen, as soon as there is one. */
const asWorst: Telling = (optimiser) => {
  const untold: Told<Point>[] = [];
  let worst: number | undefined;
  return {
    ask: () => optimiser.ask(),
    tell: async (told) => {
      if (told.values === undefined) untold.push(told);
      else {
        worst = Math.min(worst ?? Infinity, ...told.values);
        await optimiser.tell(told);
      }
      if (worst === undefined) return;
      for (const each of untold.splice(0)) await optimiser.tell({ ...each, values: [worst] });
    },
  };
};

/** A failure is not told, so that its setting stays under way and is not suggested again. */
const dropped: Telling = (optimiser) => ({
  ask: () => optimiser.ask(),
  tell: async (told) => (told.values === undefined ? undefined : optimiser.tell(told)),
});

/** What somebody does whose optimiser knows no failures. */
const BASELINES: Readonly<Record<string, Telling>> = {
  "told as the worst value seen": asWorst,
  "not told, left under way": dropped,
};

async function* contests(extent: Extent): AsyncGenerator<Contest> {
  for (const test of shortened(CRASH_PRONE, extent)) {
    const ground: Ground = { test, extent, unknown: spreadOf(test).mean - test.minimum };
    const ours = await wayOf("told as failed", ground, (seed) => labloopOptimiser(test, seed));
    for (const [name, telling] of Object.entries(BASELINES))
      yield {
        test,
        ours,
        theirs: await wayOf(name, ground, (seed) => telling(labloopOptimiser(test, seed))),
        goal: { kind: "better", by: ["lost", "regret", "area"] },
      };
  }
}

/** Failed experiments are information. */
export const FAILURES: Claim = {
  name: "failures",
  text: "Experiments fail in a region that is not known. Before the first result the regret is that of an average setting that works.",
  figures: ["lost", "regret", "area"],
  contests,
};
