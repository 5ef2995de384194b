import type { StrategyDefinition } from "labloop";
import { median } from "labloop/numerics";
import {
  bySeed,
  type CampaignFigures,
  type Claim,
  type Contest,
  campaignFigures,
  type Extent,
  shortened,
} from "./claim.ts";
import { CLASSIC_FUNCTIONS } from "./classic-functions.ts";
import { playFunction, type Standing } from "./function-campaign.ts";
import { spreadOf } from "./function-spread.ts";
import type { TestFunction } from "./functions.ts";
import { labloopOptimiser } from "./labloop-optimiser.ts";
import { randomSearch } from "./random-search.ts";

const PLAYED = new Set(["branin", "hartmann6"]);
const EXPERIMENTS = 40;
/** Standard deviation of a measurement, as a share of the function's own over its columns. */
const NOISE = 0.1;
/** One measurement in eight is wrong by 5 to 10 standard deviations. */
const SHARE = 1 / 8;
const SIZES = [5, 10] as const;

const CLEAN = "no gross errors";
const RANDOM = "random search";

interface Variants {
  readonly clean: TestFunction;
  /** With gross errors in units of the noise, and of the function's own spread. */
  readonly spoilt: readonly TestFunction[];
}

function variantsOf(test: TestFunction): Variants {
  const { sd } = spreadOf(test);
  const clean = { ...test, noise: NOISE * sd };
  const spoiltBy = (name: string, unit: number): TestFunction => ({
    ...clean,
    name: `${test.name}, errors of ${SIZES.join(" – ")} sd of the ${name}`,
    glitches: { share: SHARE, sizes: [SIZES[0] * unit, SIZES[1] * unit] },
  });
  return { clean, spoilt: [spoiltBy("noise", clean.noise), spoiltBy("function", sd)] };
}

/** One campaign of labloop by the setting that it holds for the best, and by the one that measured lowest. */
async function playLabloop(
  test: TestFunction,
  seed: number,
  surrogate: NonNullable<StrategyDefinition["surrogate"]> = {},
): Promise<{ held: CampaignFigures; lowest: CampaignFigures }> {
  // What is held after an experiment shows when the next one is asked for; the last of these is not counted.
  const longer = { ...test, experiments: test.experiments + 1 };
  const optimiser = labloopOptimiser(test, seed, { surrogate });
  const { standings } = await playFunction({ test: longer, seed, optimiser });
  const lowest = standings.slice(0, -1).map(({ measured }) => measured);
  const held = lowest.map((regret, i) => (standings[i + 1] as Standing).heldBefore ?? regret);
  return { held: campaignFigures(held), lowest: campaignFigures(lowest) };
}

async function playRandom(test: TestFunction, seed: number): Promise<CampaignFigures> {
  const { standings } = await playFunction({ test, seed, optimiser: randomSearch(test, seed) });
  return campaignFigures(standings.map(({ tried }) => tried));
}

async function* contests(extent: Extent): AsyncGenerator<Contest> {
  const tests = CLASSIC_FUNCTIONS.filter(({ name }) => PLAYED.has(name)).map((test) => ({
    ...test,
    experiments: EXPERIMENTS,
  }));
  for (const { clean, spoilt } of shortened(tests, extent).map(variantsOf)) {
    const unspoilt = await bySeed(extent, (seed) => playLabloop(clean, seed));
    const random = await bySeed(extent, (seed) => playRandom(clean, seed));
    for (const test of spoilt) {
      const played = await bySeed(extent, (seed) => playLabloop(test, seed));
      const ours = { name: "with gross errors", figures: played.map(({ held }) => held) };
      const all = { kind: "better", by: ["regret", "area"] } as const;
      const kept = await bySeed(extent, (seed) => playLabloop(test, seed, { outliers: "kept" }));
      const naive = { name: "outliers kept", figures: kept.map(({ held }) => held) };
      yield { test, ours, theirs: naive, goal: all };
      const lowest = { name: "lowest measurement", figures: played.map((each) => each.lowest) };
      yield { test, ours, theirs: lowest, goal: all };
      yield { test, ours, theirs: { name: RANDOM, figures: random }, goal: all };
      const held = unspoilt.map(({ held }) => held);
      yield { test, ours, theirs: { name: CLEAN, figures: held }, goal: { kind: "none" } };
    }
  }
}

/** How much of the lead over random search is left, of the medians, where there is one without gross errors. */
function remarks(contests: readonly Contest[]): string[] {
  return contests.flatMap(({ test, ours, theirs }) => {
    const clean = contests.find((each) => each.test === test && each.theirs.name === CLEAN)?.theirs;
    if (theirs.name !== RANDOM || clean === undefined) return [];
    const left = (["regret", "area"] as const).map((figure) => {
      const [spoilt, unspoilt, random] = [ours, clean, theirs].map(({ figures }) =>
        median(figures.map((each) => each[figure])),
      ) as [number, number, number];
      if (unspoilt >= random) return `there is none by ${figure} without gross errors either`;
      const share = Math.max(0, (random - spoilt) / (random - unspoilt));
      return `${(100 * share).toFixed(0)} % is left by ${figure}`;
    });
    return [`- lead over random search on ${test.name}: ${left.join("; ")}`];
  });
}

/** Measurements that can't be right. */
export const GROSS_ERRORS: Claim = {
  name: "outliers",
  text: "One measurement in eight is grossly wrong, up or down; the others have a noise of a tenth of the function's standard deviation. Labloop is judged by the setting that it holds for the best; random search by its truly best setting, which nobody would know. “Outliers kept” is labloop with `surrogate: { outliers: kept }`; the lowest measurement of the same campaign stands for who trusts each result.",
  figures: ["regret", "area"],
  contests,
  remarks,
};
