import type { Optimiser, Point } from "../peers/optimiser.ts";
import { type FunctionCampaign, playFunction } from "./function-campaign.ts";
import type { TestFunction } from "./functions.ts";
import { mean } from "./report.ts";

/** What campaigns of a claim are judged by; less is better. */
export type Figure = "regret" | "area" | "lost";

/** How a campaign went. */
export type CampaignFigures = Readonly<Record<Figure, number>>;

/** A way to play, and how its campaigns went, by seed. */
export interface Way {
  readonly name: string;
  readonly figures: readonly CampaignFigures[];
}

/** Two ways to play a function, seed by seed. */
export interface Contest {
  readonly test: TestFunction;
  readonly ours: Way;
  readonly theirs: Way;
  readonly goal: Goal;
}

/** What a contest should show. */
export type Goal =
  | { readonly kind: "better"; readonly by: readonly Figure[] }
  | { readonly kind: "not worse" }
  | { readonly kind: "none" };

/** How much is played. */
export interface Extent {
  readonly seeds: number;
  /** Experiments of a campaign at most. */
  readonly most: number;
}

/** Something that the engine is said to do well. */
export interface Claim {
  readonly name: string;
  readonly text: string;
  /** What its tables tell. */
  readonly figures: readonly Figure[];
  /** Contests in the order of the report, those of a function as soon as it was played. */
  readonly contests: (extent: Extent) => AsyncIterable<Contest>;
  /** What the contests say besides. */
  readonly remarks?: (contests: readonly Contest[]) => string[];
}

/** The same functions with campaigns of at most so many experiments. */
export function shortened<Test extends TestFunction>(tests: readonly Test[], { most }: Extent): Test[] {
  return tests.map((test) => ({ ...test, experiments: Math.min(test.experiments, most) }));
}

/** What ways to play have in common. */
export interface Ground extends Pick<FunctionCampaign, "test" | "start"> {
  readonly extent: Extent;
  /** Regret before the first result. */
  readonly unknown?: number;
}

/** Plays a way, each campaign judged by the setting that measured lowest. */
export async function wayOf(
  name: string,
  { extent, unknown = Infinity, ...campaign }: Ground,
  optimiserOf: (seed: number) => Optimiser<Point>,
): Promise<Way> {
  const figures = await bySeed(extent, async (seed) => {
    const { standings, lost } = await playFunction({ ...campaign, seed, optimiser: optimiserOf(seed) });
    return campaignFigures(
      standings.map(({ measured }) => Math.min(measured, unknown)),
      lost,
    );
  });
  return { name, figures };
}

/** Plays every seed in its turn. */
export async function bySeed<Played>(
  { seeds }: Extent,
  play: (seed: number) => Promise<Played>,
): Promise<Played[]> {
  const played: Played[] = [];
  for (let seed = 0; seed < seeds; seed++) played.push(await play(seed));
  return played;
}

/**
 * Figures of a campaign.
 *
 * @param regrets - after each experiment that it chose
 * @param lost - experiments without a result
 */
export function campaignFigures(regrets: readonly number[], lost = 0): CampaignFigures {
  return { regret: regrets.at(-1) as number, area: mean(regrets), lost };
}
