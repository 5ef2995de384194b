import { solveLower } from "../../numerics/index.ts";
import { type GaussianProcess, LEAST_VARIANCE } from "./gaussian-process.ts";

/** What is expected at a point, and how it goes with what is expected at given ones; noise not included. */
export interface JointExpectation {
  mean: number;
  variance: number;
  /** Covariance with each of the given points; shape (points). */
  readonly covariances: Float64Array;
}

/**
 * Predicts together with given points; the result is overwritten by the next call. In the quantity's unit.
 *
 * @param points - features row after row; shape (points × dimension)
 */
export function covariancesWith(
  gp: GaussianProcess,
  points: Float64Array,
): (x: Float64Array, at?: number) => JointExpectation {
  const { data, hyper, covariances: expected, factor, scale, offset, weights } = gp;
  const { count, dimension } = data;
  const total = points.length / dimension;
  const given = expected.over(points);
  const solved = Array.from({ length: total }, (_, p) => {
    const row = new Float64Array(count);
    expected.write(row, count, points, p * dimension);
    return solveLower(factor, row);
  });
  const row = new Float64Array(count);
  const priors = new Float64Array(total);
  const result: JointExpectation = { mean: 0, variance: 0, covariances: new Float64Array(total) };
  return (x, at = 0) => {
    const prior = expected.write(row, count, x, at);
    result.mean = offset + scale * (hyper.mean + dot(row, weights));
    solveLower(factor, row);
    result.variance = scale * scale * Math.max(prior - dot(row, row), LEAST_VARIANCE * prior);
    given.write(priors, total, x, at);
    for (let p = 0; p < total; p++)
      result.covariances[p] = scale * scale * ((priors[p] as number) - dot(row, solved[p] as Float64Array));
    return result;
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
