import { choleskyOf, solveLower, solveUpper } from "../../numerics/index.ts";
import { type GaussianProcess } from "./gaussian-process.ts";
import { meansAt } from "./overview.ts";

/**
 * A Gaussian process under several samples of what it doesn't know: each sample knows the noise-free values at some
 * points besides the data. The samples share their variances, and differ in their means.
 */
export interface SampledProcess {
  /** The process with the points among its data; its own weights are those of the first sample. */
  readonly process: GaussianProcess;
  /** One for each sample, as {@link GaussianProcess.weights}. */
  readonly weights: readonly Float64Array[];
  /** Values at the points in each sample, in the quantity's unit; shape (samples) of shape (points). */
  readonly values: readonly Float64Array[];
}

/** Covariances V = L⁻¹ k(data, points), row after row of points; and what they leave of the prior. */
interface JointPosterior {
  /** Standardised; shape (points). */
  readonly means: Float64Array;
  /** Shape (points × data). */
  readonly solved: Float64Array;
  /** Standardised; row after row, lower triangle; shape (points × points). */
  readonly covariance: Float64Array;
}

/** @param points - features row after row; shape (points × dimension) */
function jointPosterior(gp: GaussianProcess, points: Float64Array): JointPosterior {
  const { data, hyper, covariances: expected, factor, weights } = gp;
  const { count: n, dimension } = data;
  const total = points.length / dimension;
  const solved = new Float64Array(total * n);
  const means = new Float64Array(total);
  const covariance = new Float64Array(total * total);
  const among = expected.over(points);
  const own = new Float64Array(total);
  for (let p = 0; p < total; p++) {
    const row = solved.subarray(p * n, (p + 1) * n);
    expected.write(row, n, points, p * dimension);
    let mean = hyper.mean;
    for (let i = 0; i < n; i++) mean += (row[i] as number) * (weights[i] as number);
    means[p] = mean;
    solveLower(factor, row);
    among.writeRow(own, p + 1, p);
    for (let q = 0; q <= p; q++) {
      let left = own[q] as number;
      for (let i = 0; i < n; i++) left -= (row[i] as number) * (solved[q * n + i] as number);
      covariance[p * total + q] = left;
    }
  }
  return { means, solved, covariance };
}

/** Row p of a lower triangle times a vector of as many numbers as it has rows. */
function rowTimes(lower: Float64Array, vector: Float64Array, p: number): number {
  let sum = 0;
  for (let q = 0; q <= p; q++) sum += (lower[p * vector.length + q] as number) * (vector[q] as number);
  return sum;
}

/** A process as it is, as its only sample; the values are its means. */
export function unsampled(process: GaussianProcess, points: Float64Array): SampledProcess {
  return { process, weights: [process.weights], values: [meansAt(process, points)] };
}

/**
 * Draws what the values at some points are and conditions the process on them. With C = L₂L₂ᵀ the joint covariance at
 * the points, and f = mean + L₂z, the factor of the larger covariance is [L 0; Vᵀ L₂], and the residual of the points,
 * solved by it, is z itself.
 *
 * @param points - features row after row, at least one; shape (points × dimension)
 * @param normals - standard normal numbers for each sample; shape (samples) of shape (points)
 */
export function sampledAt(
  gp: GaussianProcess,
  points: Float64Array,
  normals: readonly Float64Array[],
): SampledProcess {
  const { data, offset, scale, hyper } = gp;
  const { count: n, dimension } = data;
  const { means, solved, covariance } = jointPosterior(gp, points);
  const total = means.length;
  const border = choleskyOf(covariance, total);
  if (border === undefined) return unsampled(gp, points);
  const size = n + total;
  const lower = new Float64Array(size * size);
  for (let i = 0; i < n; i++) lower.set(gp.factor.lower.subarray(i * n, i * n + i + 1), i * size);
  for (let p = 0; p < total; p++) {
    lower.set(solved.subarray(p * n, (p + 1) * n), (n + p) * size);
    lower.set(border.lower.subarray(p * total, p * total + p + 1), (n + p) * size + n);
  }
  const factor = { lower, size, jitter: gp.factor.jitter };
  const residuals = data.values.map((y) => (y - offset) / scale - hyper.mean);
  const first = solveLower(gp.factor, residuals);
  const weights = normals.map((z) => solveUpper(factor, joined(first, z)));
  const values = normals.map((z) =>
    means.map((mean, p) => offset + scale * (mean + rowTimes(border.lower, z, p))),
  );
  const process: GaussianProcess = {
    ...gp,
    data: {
      count: size,
      dimension,
      inputs: joined(data.inputs, points),
      values: joined(data.values, values[0] as Float64Array),
      variances: joined(data.variances, new Float64Array(total)),
    },
    covariances: gp.covariances.with(points),
    factor,
    weights: weights[0] as Float64Array,
  };
  return { process, weights, values };
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const whole = new Float64Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
