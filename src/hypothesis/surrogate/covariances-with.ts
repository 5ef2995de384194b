import { solveLower } from "../../numerics/index.ts";
import { fillSquares, type GaussianProcess, LEAST_VARIANCE } from "./gaussian-process.ts";
import { correlate, correlation } from "./kernel.ts";

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
  const { data, hyper, kernel, factor, scale, offset, weights, scaled, apart } = gp;
  const { count, dimension } = data;
  const total = points.length / dimension;
  const given = points.map((x, k) => x / (hyper.lengths[k % dimension] as number));
  const solvedAt = (point: Float64Array, row: Float64Array): number => {
    fillSquares(row, scaled, count, point, apart);
    correlate(kernel, row, count);
    let mean = hyper.mean;
    for (let i = 0; i < count; i++) {
      row[i] = hyper.signal * (row[i] as number);
      mean += (row[i] as number) * (weights[i] as number);
    }
    solveLower(factor, row);
    return mean;
  };
  const solved = Array.from({ length: total }, (_, p) => {
    const row = new Float64Array(count);
    solvedAt(given.subarray(p * dimension, (p + 1) * dimension), row);
    return row;
  });
  const row = new Float64Array(count);
  const point = new Float64Array(dimension);
  const squares = new Float64Array(total);
  const result: JointExpectation = { mean: 0, variance: 0, covariances: new Float64Array(total) };
  return (x, at = 0) => {
    for (let k = 0; k < dimension; k++) point[k] = (x[at + k] as number) / (hyper.lengths[k] as number);
    result.mean = offset + scale * solvedAt(point, row);
    const variance = hyper.signal - dot(row, row);
    result.variance = scale * scale * Math.max(variance, LEAST_VARIANCE * hyper.signal);
    fillSquares(squares, given, total, point);
    for (let p = 0; p < total; p++) {
      const prior = hyper.signal * correlation(kernel, squares[p] as number);
      result.covariances[p] = scale * scale * (prior - dot(row, solved[p] as Float64Array));
    }
    return result;
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
