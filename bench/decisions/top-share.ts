import type { DataSet } from "./data-set.ts";

/** The top set, as PV-Lab takes it. */
const TOP = 0.05;
/** Experiments of a campaign, as a share of the rows and at most. */
const BUDGET = { share: 0.5, most: 75 } as const;

/** What a campaign over a table found. */
export interface TableFigures {
  /** Share of the top set found, averaged over the experiments. */
  readonly area: number;
  /** Share of the top set found in the end. */
  readonly share: number;
  /** What the best row lacks to the best of the table, as a share of the range. */
  readonly regret: number;
}

/** Experiments of a campaign over a set. */
export function budgetOf({ outcomes }: DataSet): number {
  return Math.min(BUDGET.most, Math.round(outcomes.length * BUDGET.share));
}

/** Area under Top% of random order: after i of n rows a share of i/n is found, on the average. */
export function randomArea(set: DataSet): number {
  return (budgetOf(set) + 1) / 2 / set.outcomes.length;
}

/** Figures of a campaign from its rows in order, by the first objective. */
export function tableFigures({ outcomes }: DataSet, rows: readonly number[]): TableFigures {
  const scores = outcomes.map(([score]) => score as number);
  const size = Math.max(1, Math.ceil(scores.length * TOP));
  const falling = [...scores].sort((a, b) => b - a);
  const [most, least] = [falling[0] as number, falling[size - 1] as number];
  let found = 0;
  let area = 0;
  let best = -Infinity;
  for (const row of rows) {
    const score = scores[row] as number;
    if (score >= least && found < size) found += 1;
    best = Math.max(best, score);
    area += found / size / rows.length;
  }
  return { area, share: found / size, regret: (most - best) / (most - (falling.at(-1) as number)) };
}
