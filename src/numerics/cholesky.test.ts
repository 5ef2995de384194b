import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { randomStream } from "../base/random.ts";
import {
  type Cholesky,
  choleskyOf,
  extendCholesky,
  inverseOf,
  logDeterminant,
  solveLower,
  solveUpper,
} from "./cholesky.ts";

function factorOf(matrix: Float64Array, size: number): Cholesky {
  const factor = choleskyOf(matrix, size);
  if (factor === undefined) throw new Error("not positive definite");
  return factor;
}

/** B·Bᵀ + I of a random B. */
function positiveDefinite(size: number, seed: number): Float64Array {
  const random = randomStream(seed, 0, "matrix");
  const b = Float64Array.from({ length: size * size }, () => random.normal());
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < size; k++) sum += (b[i * size + k] as number) * (b[j * size + k] as number);
      matrix[i * size + j] = sum;
    }
  }
  return matrix;
}

test("a matrix of two rows has the factor that is worked out by hand", () => {
  const { lower, jitter } = factorOf(Float64Array.of(4, 2, 2, 10), 2);
  expect([...lower]).toEqual([2, 0, 1, 3]);
  expect(jitter).toBe(0);
  expect(logDeterminant({ lower, size: 2, jitter })).toBeCloseTo(Math.log(36), 14);
});

test("a matrix that is singular by repetition gets a jitter", () => {
  const factor = factorOf(Float64Array.of(1, 1, 1, 1), 2);
  expect(factor.jitter).toBeGreaterThan(0);
  expect(factor.jitter).toBeLessThanOrEqual(1e-6);
});

test("a matrix with a negative eigenvalue has no factor", () => {
  expect(choleskyOf(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
});

property.prop([fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1e6 })])(
  "solving undoes multiplying",
  (size, seed) => {
    const matrix = positiveDefinite(size, seed);
    const factor = factorOf(matrix, size);
    const x = Float64Array.from({ length: size }, (_, i) => i - 2);
    const b = x.map((_, i) => x.reduce((sum, each, j) => sum + (matrix[i * size + j] as number) * each, 0));
    solveUpper(factor, solveLower(factor, b));
    for (let i = 0; i < size; i++) expect(b[i]).toBeCloseTo(x[i] as number, 8);
  },
);

property.prop([fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1e6 })])(
  "the inverse times the matrix is the identity",
  (size, seed) => {
    const matrix = positiveDefinite(size, seed);
    const inverse = inverseOf(factorOf(matrix, size));
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = 0; k < size; k++)
          sum += (inverse[i * size + k] as number) * (matrix[k * size + j] as number);
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 8);
      }
    }
  },
);

property.prop([fc.integer({ min: 2, max: 10 }), fc.integer({ min: 0, max: 1e6 })])(
  "extending a factor by a row gives the factor of the larger matrix",
  (size, seed) => {
    const matrix = positiveDefinite(size, seed);
    const small = size - 1;
    const corner = new Float64Array(small * small);
    for (let i = 0; i < small; i++) corner.set(matrix.subarray(i * size, i * size + small), i * small);
    const extended = extendCholesky(factorOf(corner, small), matrix.slice(small * size));
    const whole = factorOf(matrix, size);
    for (let i = 0; i < size * size; i++) {
      expect(extended?.lower[i]).toBeCloseTo(whole.lower[i] as number, 10);
    }
  },
);
