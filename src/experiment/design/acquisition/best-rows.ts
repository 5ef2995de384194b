import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { type Overview, overviewOf, variancesAt } from "../../../hypothesis/surrogate/overview.ts";
import type { Adjustment, Points, RankedRow } from "./acquisition.ts";
import { FallingOrder } from "./falling-order.ts";

/** What one decision makes of the predictions of its models for one candidate. */
export type Worth = (means: ArrayLike<number>, sds: ArrayLike<number>) => number;

/** How candidates are compared. */
export interface Worths {
  /** Of the means of all models one after the other, and a spread of each model; must not fall when a spread grows. */
  readonly worth: Worth;
  /** At least the worth, and quicker, where there is such a thing. */
  readonly bound?: Worth;
  readonly adjust?: Adjustment | undefined;
}

/** A model that tells of many candidates at once: quickly what is about to be expected, and with more work how surely. */
export interface Foresight {
  overview(points: Float64Array): Overview;
  /** Variances at some of the candidates. */
  variances(points: Float64Array, rows: ArrayLike<number>): Float64Array;
}

/** A process with one mean. */
export function foresightOf({ process }: Pick<FittedProcess, "process">): Foresight {
  return {
    overview: (points) => overviewOf(process, points),
    variances: (points, rows) => variancesAt(process, points, rows),
  };
}

/** Candidates that are valued before the best so far is compared with what is left; a multiple of four. */
const CHUNK = 64;

/**
 * The candidates of largest worth, exactly, without a variance for most of them: the worth at an upper bound of the
 * spread bounds the worth, so that the search ends where the bounds of all that is left are below what was found.
 *
 * @param models - at least one, all over the same features
 * @param most - how many are wanted
 */
export function bestRows(
  models: readonly Foresight[],
  { features: points, count: total }: Points,
  most: number,
  { worth, bound = worth, adjust = (value) => value }: Worths,
): RankedRow[] {
  const overviews = models.map((model) => model.overview(points));
  const columns = overviews.flatMap((overview) => overview.means);
  const means = new Float64Array(columns.length);
  const sds = new Float64Array(models.length);
  const valued = (row: number, by: Worth, variance: (model: number) => number): number => {
    for (let k = 0; k < columns.length; k++) means[k] = (columns[k] as Float64Array)[row] as number;
    for (let m = 0; m < sds.length; m++) sds[m] = Math.sqrt(variance(m));
    return ordered(adjust(by(means, sds), row));
  };
  const bounds = new Float64Array(total);
  for (let row = 0; row < total; row++)
    bounds[row] = valued(row, bound, (m) => overviews[m]?.bounds[row] as number);
  const order = new FallingOrder(bounds);
  let best: RankedRow[] = [];
  for (let rows = order.take(CHUNK); rows.length > 0; rows = order.take(CHUNK)) {
    const last = best.length === most ? (best.at(-1) as RankedRow).value : -Infinity;
    if ((bounds[rows[0] as number] as number) < last) break;
    const variances = models.map((model) => model.variances(points, rows));
    const ranked = Array.from(rows, (row, k) => ({
      row,
      value: valued(row, worth, (m) => variances[m]?.[k] as number),
    }));
    best = [...best, ...ranked].sort((a, b) => b.value - a.value || a.row - b.row).slice(0, most);
  }
  return best;
}

/** A value that can be compared: what isn't a number is worth nothing. */
export function ordered(value: number): number {
  return Number.isNaN(value) ? -Infinity : value;
}
