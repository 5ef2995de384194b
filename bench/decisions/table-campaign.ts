import type { Optimiser } from "../peers/optimiser.ts";
import type { DataSet } from "./data-set.ts";

/** How long a campaign over a table is, and where it begins. */
export interface TableCampaign {
  readonly budget: number;
  readonly seed: number;
  readonly start: readonly number[];
}

/** Plays a campaign over a table and gives the rows in the order of their experiments. */
export type TablePlayer = (set: DataSet, campaign: TableCampaign) => Promise<number[]>;

/** Start rows of a seed: those published with the set, or two that are drawn. */
export function startRows({ starts, outcomes }: DataSet, seed: number): readonly number[] {
  return starts[seed] ?? drawn(outcomes.length, seed);
}

/** Two different rows for a seed, the same on every machine (a step of a linear congruential generator each). */
function drawn(rows: number, seed: number): [number, number] {
  const next = (x: number): number => (Math.imul(x, 1664525) + 1013904223) >>> 0;
  const first = next(next(seed + 1));
  const a = first % rows;
  return [a, (a + 1 + (next(first) % (rows - 1))) % rows];
}

/** Plays a campaign by asking and telling. */
export async function playRows(
  { outcomes }: DataSet,
  { budget, start }: TableCampaign,
  optimiser: Optimiser<number>,
): Promise<number[]> {
  const rows: number[] = [];
  while (rows.length < budget) {
    const row = start[rows.length] ?? (await optimiser.ask()).place;
    rows.push(row);
    await optimiser.tell({ place: row, values: outcomes[row] });
  }
  return rows;
}

/** How many campaigns are played at a time. */
export async function playSeeds(
  seeds: number,
  lanes: number,
  play: (seed: number) => Promise<number[]>,
): Promise<{ readonly rows: readonly number[][]; readonly seconds: number }> {
  const rows: number[][] = [];
  let seconds = 0;
  const left = Array.from({ length: seeds }, (_, seed) => seed);
  const work = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const began = performance.now();
      rows[seed] = await play(seed);
      seconds += (performance.now() - began) / 1000 / seeds;
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return { rows, seconds };
}
