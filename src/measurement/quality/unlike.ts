import { log, normalQuantile, pow } from "../../numerics/index.ts";
import { dependsOnSetting, isAmong, sameChoices } from "./dependence.ts";
import { meanOf, squaresOf } from "./moments.ts";
import type { RunRecord, Suspect } from "./run-record.ts";
import { repetition } from "./stuck.ts";
import { logRatio } from "./usual-duration.ts";
import { normalFromT, robustSpread, unusualness, usualValue } from "./usual-value.ts";

/** Runs from which on a history tells what is usual. */
export const ENOUGH_RUNS = 8;

/** Runs that a history goes back: what lasts longer has become usual. */
export const MOST_RUNS = 32;

/** Shares of runs like all others that may be found unlike them: by their measurements, and by everything else. */
const FALSE_ALARMS = { measurements: 0.0008, others: 0.005 } as const;

/** Relative spread of durations below which clocks and loads of computers make the difference. */
const LEAST_SPREAD = 0.02;

/**
 * Predicted standard deviations that misses have at least, however well predictions were met before: a belief that became
 * surer of itself misses by more of them.
 */
const LEAST_MISS = 0.5;

/**
 * Share of the results' own spread that a miss has to come to: a belief that is surer of itself than it should be misses
 * little beside how results differ, and by many of its standard deviations all the same.
 */
const MATTERS = 0.5;

/** Less than this is told as this. */
const LEAST_PROBABILITY = 1e-15;

/** What was compared; a suspect where it is improbable enough for the number of comparisons. */
type Comparison = Suspect;

/**
 * In what ways a run is unlike those before: readings that don't depend on the setting by their level, their drift and
 * their scatter within the run, readings that are stuck, the measurement against what was predicted, and the
 * durations of all steps together.
 *
 * @param run - the run to judge
 * @param runs - those before it, oldest first; with fewer than {@link ENOUGH_RUNS} nothing is unlike them
 */
export function unlike(run: RunRecord, runs: readonly RunRecord[]): readonly Suspect[] {
  const alike = likenessOf(run, runs);
  return [
    ...improbable(
      Object.keys(run.residuals).flatMap((name) => ofResidual(name, run, runs)),
      FALSE_ALARMS.measurements,
    ),
    ...improbable(
      [...Object.keys(run.readings).flatMap((name) => ofReading(name, run, alike)), ...ofShape(run, runs)],
      FALSE_ALARMS.others,
    ),
  ];
}

/** The more is compared, the more improbable has to be what is told. */
function improbable(comparisons: readonly Comparison[], share: number): readonly Suspect[] {
  const limit = normalQuantile(1 - share / 2 / Math.max(1, comparisons.length));
  return comparisons.filter(({ z }) => Math.abs(z) > limit);
}

/**
 * How unusual the durations of a run's steps are together: the sum of their squared deviations, as a normal deviate by the
 * cube root of Wilson and Hilferty (1931).
 *
 * @returns undefined while the history is too short
 */
export function shapeOf(run: Omit<RunRecord, "shape">, runs: readonly RunRecord[]): number | undefined {
  const deviations = Object.entries(run.durations).flatMap(([name, duration]) => {
    const past = runs.flatMap(({ durations }) => durations[name] ?? []);
    if (past.length < ENOUGH_RUNS) return [];
    return [unusualness(logRatio(duration), usualValue(past.map(logRatio)), LEAST_SPREAD)];
  });
  const m = deviations.length;
  if (m === 0) return undefined;
  const squares = deviations.reduce((sum, each) => sum + each * each, 0);
  return (pow(squares / m, 1 / 3) - (1 - 2 / (9 * m))) / Math.sqrt(2 / (9 * m));
}

function ofShape({ shape }: RunRecord, runs: readonly RunRecord[]): Comparison[] {
  if (shape === undefined) return [];
  const past = runs.flatMap((each) => each.shape ?? []);
  // Steps that go together make sums wider than independent ones: their own history tells how wide.
  const z = past.length < ENOUGH_RUNS ? shape : Math.min(shape, unusualness(shape, usualValue(past)));
  return [{ what: "durations", value: shape, usual: 0, z: Math.max(0, z) }];
}

function ofResidual(name: string, run: RunRecord, runs: readonly RunRecord[]): Comparison[] {
  const past = runs.flatMap(({ residuals }) => residuals[name] ?? []);
  if (past.length < ENOUGH_RUNS || !matters(name, run, runs)) return [];
  const value = run.residuals[name] as number;
  const usual = usualValue(past);
  return [{ what: "residual", of: name, value, usual: usual.mean, z: unusualness(value, usual, LEAST_MISS) }];
}

function matters(name: string, { results }: RunRecord, runs: readonly RunRecord[]): boolean {
  const miss = results?.[name]?.miss;
  const values = runs.flatMap((each) => each.results?.[name]?.value ?? []);
  if (miss === undefined || values.length < ENOUGH_RUNS) return true;
  return Math.abs(miss) >= MATTERS * robustSpread(values);
}

/** Runs that the readings of a run can be compared with. */
interface Likeness {
  /** Those of the same choices that have a reading. */
  having(reading: string): readonly RunRecord[];
  /** Whether the settings of the run lie among those of such runs. */
  isAmong(runs: readonly RunRecord[]): boolean;
}

/** What is the same for all readings is found once. */
function likenessOf(run: RunRecord, all: readonly RunRecord[]): Likeness {
  const same = sameChoices(run, all);
  let amongAll: boolean | undefined;
  return {
    having: (reading) =>
      same.every(({ readings }) => readings[reading] !== undefined)
        ? same
        : same.filter(({ readings }) => readings[reading] !== undefined),
    isAmong: (runs) => {
      if (runs !== same) return isAmong(run, runs);
      amongAll ??= isAmong(run, same);
      return amongAll;
    },
  };
}

function ofReading(name: string, run: RunRecord, alike: Likeness): Comparison[] {
  const now = run.readings[name] as readonly number[];
  const runs = alike.having(name);
  if (runs.length < ENOUGH_RUNS || now.length === 0) return [];
  const past = runs.map(({ readings }) => readings[name] as readonly number[]);
  return [
    ...stuckness(name, run, runs),
    ...(alike.isAmong(runs)
      ? [
          ...ofStatistic("level", name, meanOf, { now, past, runs }),
          ...ofStatistic("drift", name, changeOf, { now, past, runs }),
          ...scatter(name, { now, past, runs }),
        ]
      : []),
  ];
}

/** One reading in a run and in those before it. */
interface Compared {
  readonly now: readonly number[];
  readonly past: readonly (readonly number[])[];
  readonly runs: readonly RunRecord[];
}

function ofStatistic(
  what: "level" | "drift",
  name: string,
  statistic: (readings: readonly number[]) => number | undefined,
  { now, past, runs }: Compared,
): Comparison[] {
  const value = statistic(now);
  const values = past.map(statistic);
  const known = values.flatMap((each) => each ?? []);
  if (value === undefined || known.length < values.length || dependsOnSetting(known, runs)) return [];
  const usual = usualValue(known);
  return [{ what, of: name, value, usual: usual.mean, z: unusualness(value, usual) }];
}

/** From the first to the last reading; fewer than three tell no drift from noise. */
function changeOf(readings: readonly number[]): number | undefined {
  return readings.length < 3 ? undefined : (readings.at(-1) as number) - (readings[0] as number);
}

/** The reading that lies farthest from the others of its run, by the scatter within runs. */
function scatter(name: string, { now, past, runs }: Compared): Comparison[] {
  const variances = past.map(varianceOf);
  if (now.length < 3 || variances.some((each) => each === undefined)) return [];
  const known = variances as number[];
  if (dependsOnSetting(known, runs)) return [];
  const sorted = [...known].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] as number;
  // A run with one wild reading tells nothing about the scatter of the others.
  const kept = known.filter((each) => each <= 25 * middle);
  const mean = meanOf(kept);
  const spread = squaresOf(kept, mean) / kept.length;
  if (mean === 0 || spread === 0) return [];
  const counted = past.reduce((sum, { length }) => sum + length - 1, 0);
  // Satterthwaite (1946): variances that differ between runs count for fewer degrees of freedom; those that only seem to
  // by chance, by less than the double, don't.
  const effective = (2 * kept.length * mean * mean) / spread;
  const freedom = effective < counted / 2 ? effective : counted;
  const judged = (readings: readonly number[]): number =>
    normalFromT(farthest(readings) / Math.sqrt(mean), freedom);
  const z = judged(now);
  // Readings that usually change within a run, such as of something that warms up, have no scatter to judge by.
  const unusual = past.filter((each) => Math.abs(judged(each)) > 3).length;
  if (unusual > 1 + past.length / 10) return [];
  const usual = Math.sqrt(mean);
  return [{ what: "scatter", of: name, value: farthest(now), usual, z: ofLargest(z, now.length) }];
}

/** The deviate that is as improbable as one that is the largest of several. */
function ofLargest(z: number, several: number): number {
  const size = Math.sqrt(Math.max(0, z * z - 2 * log(several)));
  return z < 0 ? -size : size;
}

function varianceOf(readings: readonly number[]): number | undefined {
  if (readings.length < 2) return undefined;
  return squaresOf(readings, meanOf(readings)) / (readings.length - 1);
}

/** The largest deviation from the mean of the others, scaled to the standard deviation of one reading. */
function farthest(readings: readonly number[]): number {
  const n = readings.length;
  const total = readings.reduce((sum, each) => sum + each, 0);
  const deviations = readings.map((each) => (each - (total - each) / (n - 1)) / Math.sqrt(1 + 1 / (n - 1)));
  return deviations.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0);
}

function stuckness(name: string, run: RunRecord, runs: readonly RunRecord[]): Comparison[] {
  const now = run.readings[name] as readonly number[];
  // Two that differ end every row: most readings do.
  if (now.length > 1 && now.at(-1) !== now.at(-2)) return [];
  const before = runs.flatMap(({ readings }) => readings[name] as readonly number[]);
  // The same sample may give the same reading.
  const same = JSON.stringify(runs.at(-1)?.setting) === JSON.stringify(run.setting);
  const { probability, row } = same ? repetition(before, now, 0) : repetition(before, now, before.length);
  if (probability === 1) return [];
  const z = -normalQuantile(Math.max(probability / 2, LEAST_PROBABILITY));
  return [{ what: "stuck", of: name, value: row, usual: 1, z }];
}
