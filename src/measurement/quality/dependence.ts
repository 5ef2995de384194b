import { normalQuantile } from "../../numerics/index.ts";
import type { RunRecord } from "./run-record.ts";
import { usualValue } from "./usual-value.ts";

/** Probability with which something that doesn't depend on the setting is taken to depend on it. */
const TAKEN_WRONGLY = 0.005;

/** Standard deviations of the settings before within which a setting is one of them; a uniform spread has 1.7 at its edges. */
const AMONG = 3;

/** Those runs whose named choices are the same: a reading may be another with every choice. */
export function sameChoices(run: RunRecord, runs: readonly RunRecord[]): readonly RunRecord[] {
  const choices = Object.entries(run.setting).filter(([, value]) => typeof value === "string");
  return runs.filter(({ setting }) => choices.every(([name, value]) => setting[name] === value));
}

/** Whether the numbers of a setting lie among those of other runs, so that what they gave says something about it. */
export function isAmong(run: RunRecord, runs: readonly RunRecord[]): boolean {
  return Object.entries(run.setting).every(([name, value]) => {
    if (typeof value !== "number") return true;
    const { mean, sd } = usualValue(runs.map(({ setting }) => Number(setting[name])));
    return Math.abs(value - mean) <= AMONG * sd + 1e-9 * Math.abs(mean);
  });
}

/**
 * Whether values go with a number of the settings, by Spearman's rank correlation, whose √(n - 1)-fold is nearly
 * normal where there is none.
 */
export function dependsOnSetting(values: readonly number[], runs: readonly RunRecord[]): boolean {
  const names = Object.keys(runs[0]?.setting ?? {}).filter((name) =>
    runs.every(({ setting }) => typeof setting[name] === "number"),
  );
  const limit = normalQuantile(1 - TAKEN_WRONGLY / 2 / Math.max(1, names.length));
  const ranked = ranks(values);
  return names.some(
    (name) => Math.abs(correlation(ranked, settingRanks(runs, name))) * Math.sqrt(values.length - 1) > limit,
  );
}

/** Ranks of numbers of settings, of lists of runs to which every reading is compared and which stay as they are. */
const known = new WeakMap<readonly RunRecord[], Map<string, Float64Array>>();

function settingRanks(runs: readonly RunRecord[], name: string): Float64Array {
  const own = known.get(runs) ?? new Map<string, Float64Array>();
  known.set(runs, own);
  const ranked = own.get(name) ?? ranks(runs.map(({ setting }) => Number(setting[name])));
  own.set(name, ranked);
  return ranked;
}

/** Ranks from 0, equal values sharing their mean rank. */
function ranks(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values).sort();
  return Float64Array.from(values, (value) => {
    const below = firstFrom(sorted, (each) => each >= value);
    const equal = firstFrom(sorted, (each) => each > value) - below;
    return below + (equal - 1) / 2;
  });
}

/** The first place from which on something holds of sorted values; their number where it holds of none. */
function firstFrom(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const middle = (a.length - 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - middle, (b[i] as number) - middle];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa * bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
