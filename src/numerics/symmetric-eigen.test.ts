import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "./symmetric-eigen.ts";

describe("eigenvalues of a symmetric matrix", () => {
  it("are those of a matrix of two rows", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect([...values].map((x) => Number(x.toFixed(14)))).toEqual([3, 1]);
    expect([...vectors.subarray(0, 2)]).toEqual(
      [Math.SQRT1_2, Math.SQRT1_2].map((x) => expect.closeTo(x, 14)),
    );
  });

  it("of the second difference are 2 - 2 cos(kπ/(n + 1))", () => {
    const size = 30;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      matrix[i * size + i] = 2;
      if (i > 0) matrix[i * size + i - 1] = -1;
      if (i > 0) matrix[(i - 1) * size + i] = -1;
    }
    const { values } = symmetricEigen(matrix, size);
    for (const [k, value] of values.entries())
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((size - k) * Math.PI) / (size + 1)), 12);
  });

  it("of a matrix of zeros are zeros", () => {
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
  });

  const entries = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 36, maxLength: 36 });
  test.prop([entries])("come with vectors that are orthonormal and make up the matrix", (numbers) => {
    const size = 6;
    const at = (i: number, j: number): number => numbers[Math.min(i, j) * size + Math.max(i, j)] as number;
    const matrix = Float64Array.from({ length: size * size }, (_, n) => at(Math.floor(n / size), n % size));
    const { values, vectors } = symmetricEigen(matrix, size);
    const v = (k: number, i: number): number => vectors[k * size + i] as number;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let product = 0;
        let made = 0;
        for (let k = 0; k < size; k++) {
          product += v(i, k) * v(j, k);
          made += (values[k] as number) * v(k, i) * v(k, j);
        }
        expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
        expect(made).toBeCloseTo(at(i, j), 9);
      }
  });
});
