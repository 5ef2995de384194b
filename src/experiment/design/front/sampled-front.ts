import type { Random } from "../../../base/random.ts";
import { type GaussianProcess } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { meansAt, variancesAt } from "../../../hypothesis/surrogate/overview.ts";
import { type SampledProcess, sampledAt, unsampled } from "../../../hypothesis/surrogate/sampled-process.ts";
import { dominates, undominated } from "../../../numerics/index.ts";

/** Models of several objectives that agree on what the front may be in each sample. */
export interface SampledFronts {
  /** One for each objective. */
  readonly models: readonly SampledProcess[];
  /** Expected scores of all points; shape (objectives) of shape (points). */
  readonly means: readonly Float64Array[];
  /** Scores of the points of the front in each sample; shape (samples) of shape (points) of shape (objectives). */
  readonly fronts: readonly (readonly Float64Array[])[];
}

/** A front whose points are known to this share of its extent is taken as known. */
const KNOWN = 0.02;
/** Standard deviations by which a point may be better than expected, or one that dominates it worse. */
const PLAUSIBLE = 2;

/**
 * What the front of the points that were tried may be: drawn from what the processes jointly expect of those that may
 * belong to it, or their expectation alone where that is sure enough.
 *
 * @param processes - one for each objective, all over the same features; every score is to be made large
 * @param points - features of what was tried, row after row; shape (points × dimension)
 * @param samples - even, since half of them mirror the other half
 */
export function sampledFronts(
  processes: readonly GaussianProcess[],
  points: Float64Array,
  { samples, random }: { readonly samples: number; readonly random: Random },
): SampledFronts {
  const dimension = processes[0]?.data.dimension as number;
  const count = points.length / dimension;
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  const means = processes.map((process) => meansAt(process, points));
  const sds = processes.map((process) => variancesAt(process, points, rows).map(Math.sqrt));
  const kept = plausible(means, sds);
  const chosen = new Float64Array(kept.length * dimension);
  for (const [k, row] of kept.entries())
    chosen.set(points.subarray(row * dimension, (row + 1) * dimension), k * dimension);
  const sure = processes.every((_, m) => isKnown(means[m] as Float64Array, sds[m] as Float64Array, kept));
  const models = processes.map((process) =>
    sure
      ? unsampled(process, chosen)
      : sampledAt(process, chosen, mirroredNormals(kept.length, samples, random)),
  );
  const drawn = Math.max(...models.map(({ values }) => values.length));
  const fronts = Array.from({ length: drawn }, (_, s) => frontOf(models, s, kept.length));
  return { models, means, fronts };
}

/** Points that no other surely dominates. */
function plausible(means: readonly Float64Array[], sds: readonly Float64Array[]): number[] {
  const count = means[0]?.length ?? 0;
  const at = (row: number, by: number): number[] =>
    means.map((own, m) => (own[row] as number) + by * ((sds[m] as Float64Array)[row] as number));
  const low = Array.from({ length: count }, (_, row) => at(row, -PLAUSIBLE));
  return low.flatMap((_, row) => {
    const high = at(row, PLAUSIBLE);
    return low.some((other, j) => j !== row && dominates(other, high)) ? [] : [row];
  });
}

function isKnown(means: Float64Array, sds: Float64Array, kept: readonly number[]): boolean {
  const own = kept.map((row) => means[row] as number);
  const extent = Math.max(...own) - Math.min(...own) || Math.max(...means) - Math.min(...means);
  return kept.every((row) => (sds[row] as number) <= KNOWN * extent);
}

function mirroredNormals(count: number, samples: number, random: Random): Float64Array[] {
  return Array.from({ length: samples / 2 }, () => {
    const drawn = Float64Array.from({ length: count }, () => random.normal());
    return [drawn, drawn.map((each) => -each)];
  }).flat();
}

function frontOf(models: readonly SampledProcess[], sample: number, count: number): Float64Array[] {
  const scores = Array.from({ length: count }, (_, p) =>
    Float64Array.from(models, ({ values }) => (values[sample] ?? values[0])?.[p] as number),
  );
  return undominated(scores).map((index) => scores[index] as Float64Array);
}
