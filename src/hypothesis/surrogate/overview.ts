import { solveLowerFour } from "../../numerics/index.ts";
import { type GaussianProcess, LEAST_VARIANCE, variancesOfResults } from "./gaussian-process.ts";

/** What is expected at many points, at a cost of n operations a point; in the quantity's unit. */
export interface Overview {
  /** For each set of weights; shape (sets) of shape (points). */
  readonly means: readonly Float64Array[];
  /** At least the variance: what is left when only the nearest observation is known. Shape (points). */
  readonly bounds: Float64Array;
}

/**
 * Means of many points, with bounds on their variances that tell which ones are worth more work.
 *
 * @param points - features row after row; shape (points × dimension)
 * @param weights - those of the process, or of its samples; shape (sets) of shape (count)
 */
export function overviewOf(
  gp: GaussianProcess,
  points: Float64Array,
  weights: readonly Float64Array[] = [gp.weights],
): Overview {
  const { data, hyper, covariances, offset, scale } = gp;
  const { count, dimension } = data;
  const total = dimension === 0 ? 0 : points.length / dimension;
  const means = weights.map(() => new Float64Array(total));
  const bounds = new Float64Array(total);
  const row = new Float64Array(count);
  const results = variancesOfResults(gp);
  for (let p = 0; p < total; p++) {
    const prior = covariances.write(row, count, points, p * dimension);
    for (const [s, own] of weights.entries()) {
      let mean = hyper.mean;
      for (let i = 0; i < count; i++) mean += (row[i] as number) * (own[i] as number);
      (means[s] as Float64Array)[p] = offset + scale * mean;
    }
    let most = 0;
    for (let i = 0; i < count; i++) {
      const known = ((row[i] as number) * (row[i] as number)) / (results[i] as number);
      if (known > most) most = known;
    }
    bounds[p] = scale * scale * Math.max(prior - most, LEAST_VARIANCE * prior);
  }
  return { means, bounds };
}

/** Means of many points, in the quantity's unit; shape (points). */
export function meansAt(gp: GaussianProcess, points: Float64Array): Float64Array {
  return overviewOf(gp, points).means[0] as Float64Array;
}

/**
 * Variances at some of many points, four at a time.
 *
 * @param points - features row after row; shape (points × dimension)
 * @param rows - indices of the points that are asked for
 * @returns in the quantity's unit squared; shape (rows)
 */
export function variancesAt(
  gp: GaussianProcess,
  points: Float64Array,
  rows: ArrayLike<number>,
): Float64Array {
  const { data, covariances, scale, factor } = gp;
  const { count, dimension } = data;
  const variances = new Float64Array(rows.length);
  const four = new Float64Array(4 * count);
  const parts = [0, 1, 2, 3].map((part) => four.subarray(part * count, (part + 1) * count));
  const priors = new Float64Array(4);
  for (let first = 0; first < rows.length; first += 4) {
    const here = Math.min(4, rows.length - first);
    for (let part = 0; part < here; part++) {
      const at = (rows[first + part] as number) * dimension;
      priors[part] = covariances.write(parts[part] as Float64Array, count, points, at);
    }
    solveLowerFour(factor, four);
    for (let part = 0; part < here; part++) {
      const prior = priors[part] as number;
      let known = 0;
      for (const each of parts[part] as Float64Array) known += each * each;
      variances[first + part] = scale * scale * Math.max(prior - known, LEAST_VARIANCE * prior);
    }
  }
  return variances;
}
