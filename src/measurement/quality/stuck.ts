import { pow } from "../../numerics/index.ts";
import { meanOf, squaresOf } from "./moments.ts";

/** Equal pairs in a row that may count as stuck: two readings alike are no row. */
const LEAST_PAIRS = 2;

/**
 * How probable it is that as many readings in a row are the same to the last digit as at the end of a sequence.
 *
 * @param before - earlier readings in their order
 * @param now - readings that follow them
 * @param back - how many of the earlier readings may belong to the row
 * @returns the probability, 1 where fewer than three are the same, and the length of the row
 */
export function repetition(
  before: readonly number[],
  now: readonly number[],
  back: number,
): { readonly probability: number; readonly row: number } {
  const all = [...before, ...now];
  const first = before.length - back;
  let from = all.length - 1;
  while (from > first && all[from - 1] === all.at(-1)) from -= 1;
  const pairs = all.length - 1 - from;
  const row = pairs + 1;
  if (pairs < LEAST_PAIRS) return { probability: 1, row };
  // What belongs to the row tells nothing about how often readings are the same.
  return { probability: pow(Math.min(1, pairProbability(before.slice(0, from + 1))), pairs), row };
}

/** How often two readings in a row are the same: counted, and expected from the steps in which the instrument reads. */
function pairProbability(values: readonly number[]): number {
  const pairs = values.length - 1;
  const equal = values.filter((each, i) => i > 0 && each === values[i - 1]).length;
  const sd = Math.sqrt(squaresOf(values, meanOf(values)) / values.length);
  if (pairs < 1 || sd === 0) return 1;
  const step = stepOf(values);
  // Where no step shows, no pair was the same: fewer than one in as many.
  const counted = (equal + (step > 0 ? 0 : 1)) / (pairs + 1);
  // ∫ φ² = 1 / (2 √π): the density of two normal readings at the same place.
  return Math.max(counted, step / (2 * Math.sqrt(Math.PI) * sd));
}

/** The step of which all differences are multiples; 0 where there is none that shows. */
function stepOf(values: readonly number[]): number {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((each, i) => each - (sorted[i] as number));
  if (steps.length < 3) return 0;
  const least = Math.min(...steps);
  return steps.every((each) => Math.abs(each / least - Math.round(each / least)) < 0.01) ? least : 0;
}
