import type { FittedProcess } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import { outlookOf, variancesAt } from "../../hypothesis/surrogate/gaussian-process.ts";
import type { Points, RankedRow } from "./acquisition.ts";

/** What one decision makes of the predictions of its models for one candidate. */
export type Worth = (means: ArrayLike<number>, sds: ArrayLike<number>) => number;

/** Candidates that are valued before the best so far is compared with what is left; a multiple of four. */
const CHUNK = 64;

/**
 * The candidates of largest worth, exactly, without a variance for most of them: the worth at an upper bound of the
 * spread bounds the worth, so that the search ends where the bounds of all that is left are below what was found.
 *
 * @param members - at least one process, all over the same features
 * @param most - how many are wanted
 * @param worth - must not fall when a spread grows
 */
export function bestRows(
  members: readonly FittedProcess[],
  { features: points, count: total }: Points,
  most: number,
  worth: Worth,
): RankedRow[] {
  const outlooks = members.map(({ process }) => outlookOf(process, points));
  const means = new Float64Array(members.length);
  const sds = new Float64Array(members.length);
  const bounds = new Float64Array(total);
  for (let row = 0; row < total; row++) {
    for (const [m, outlook] of outlooks.entries()) {
      means[m] = outlook.means[row] as number;
      sds[m] = Math.sqrt(outlook.bounds[row] as number);
    }
    bounds[row] = ordered(worth(means, sds));
  }
  const order = Uint32Array.from({ length: total }, (_, row) => row).sort(
    (a, b) => (bounds[b] as number) - (bounds[a] as number) || a - b,
  );
  let best: RankedRow[] = [];
  for (let first = 0; first < total; first += CHUNK) {
    const last = best.length === most ? (best.at(-1) as RankedRow).value : -Infinity;
    if ((bounds[order[first] as number] as number) < last) break;
    const rows = order.subarray(first, first + CHUNK);
    const variances = members.map(({ process }) => variancesAt(process, points, rows));
    const valued: RankedRow[] = [];
    for (const [k, row] of rows.entries()) {
      for (const [m, outlook] of outlooks.entries()) {
        means[m] = outlook.means[row] as number;
        sds[m] = Math.sqrt((variances[m] as Float64Array)[k] as number);
      }
      valued.push({ row, value: ordered(worth(means, sds)) });
    }
    best = [...best, ...valued].sort((a, b) => b.value - a.value || a.row - b.row).slice(0, most);
  }
  return best;
}

function ordered(value: number): number {
  return Number.isNaN(value) ? -Infinity : value;
}
