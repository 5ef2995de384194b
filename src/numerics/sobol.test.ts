import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { randomStream } from "../base/random.ts";
import { SOBOL_DIMENSIONS, sobolPoints } from "./sobol.ts";

// Points 4 … 7 of dimensions 1, 2, 3, 21 of an independent implementation (scipy 1.17, stats.qmc.Sobol).
const PUBLISHED = [
  { point: 4, values: [0.375, 0.375, 0.625, 0.125, 0.125] },
  { point: 5, values: [0.875, 0.875, 0.125, 0.625, 0.625] },
  { point: 6, values: [0.625, 0.125, 0.875, 0.375, 0.375] },
  { point: 7, values: [0.125, 0.625, 0.375, 0.875, 0.875] },
  { point: 100, values: [0.4140625, 0.2578125, 0.7734375, 0.7578125, 0.4140625] },
];

test.each(PUBLISHED)(
  "point $point of the plain sequence agrees with an independent one",
  ({ point, values }) => {
    const points = sobolPoints(128, 32);
    expect([0, 1, 2, 20, 31].map((d) => points[point * 32 + d])).toEqual(values);
  },
);

property.prop([fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: SOBOL_DIMENSIONS })])(
  "2^k scrambled points put one number into each of 2^k equal parts of every axis",
  (seed, dimensions) => {
    const points = sobolPoints(64, dimensions, randomStream(seed, 0, "scramble"));
    for (let d = 0; d < dimensions; d++) {
      const parts = new Set(
        Array.from({ length: 64 }, (_, i) => Math.floor((points[i * dimensions + d] as number) * 64)),
      );
      expect(parts.size).toBe(64);
    }
  },
);

test("scrambled points integrate a smooth function far better than random ones would", () => {
  // Standard error of 1024 random points for Π 2xᵢ in 3 dimensions: √((4/3)³ - 1) / 32 = 0.036.
  const points = sobolPoints(1024, 3, randomStream(5, 0, "scramble"));
  let sum = 0;
  for (let i = 0; i < 1024; i++)
    sum += 8 * (points[3 * i] as number) * (points[3 * i + 1] as number) * (points[3 * i + 2] as number);
  expect(Math.abs(sum / 1024 - 1)).toBeLessThan(0.036 / 8);
});

test("more dimensions than the table has are refused", () => {
  expect(() => sobolPoints(1, 33)).toThrow(RangeError);
});
