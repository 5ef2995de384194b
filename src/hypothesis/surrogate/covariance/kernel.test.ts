import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { correlate, correlation, type Shape } from "./kernel.ts";

/**
 * The Matérn correlation of any ν, 2^(1-ν)/Γ(ν) z^ν K_ν(z) with z = √(2ν) r and K_ν(z) = ∫ exp(-z cosh t) cosh(νt) dt
 * over t > 0 (Abramowitz and Stegun 9.6.24), by the trapezoidal rule.
 */
function matern(nu: number, gamma: number, r: number): number {
  const z = Math.sqrt(2 * nu) * r;
  const step = 0.005;
  let integral = 0.5 * Math.exp(-z);
  for (let t = step; t < 12; t += step) integral += Math.exp(-z * Math.cosh(t)) * Math.cosh(nu * t);
  return (2 ** (1 - nu) / gamma) * z ** nu * integral * step;
}

/** Γ(3/2) and Γ(5/2). */
const GAMMAS = { matern32: Math.sqrt(Math.PI) / 2, matern52: (3 * Math.sqrt(Math.PI)) / 4 };
const KERNELS: readonly Shape[] = ["matern52", "matern32", "rbf"];

describe("a kernel", () => {
  it.each([0.1, 0.5, 1, 2, 4])("of half-integer order is Matérn's integral at r = %d", (r) => {
    expect(correlation("matern32", r * r)).toBeCloseTo(matern(1.5, GAMMAS.matern32, r), 10);
    expect(correlation("matern52", r * r)).toBeCloseTo(matern(2.5, GAMMAS.matern52, r), 10);
  });

  it("of squared exponential shape is that of a normal density", () => {
    expect(correlation("rbf", 1)).toBeCloseTo(0.6065306597126334, 15);
    expect(correlation("rbf", 4)).toBeCloseTo(0.1353352832366127, 15);
  });

  it.each(KERNELS)("%s is 1 at no distance and falls to 0", (kernel) => {
    expect(correlation(kernel, 0)).toBe(1);
    expect(correlation(kernel, 1e6)).toBeLessThan(1e-12);
  });

  property.prop([fc.constantFrom(...KERNELS), fc.double({ min: 1e-3, max: 30, noNaN: true })])(
    "has slopes by the squared distance that are its central differences",
    (kernel, squared) => {
      const squares = Float64Array.of(squared, -1);
      const slopes = new Float64Array(1);
      correlate(kernel, squares, 1, slopes);
      const step = 1e-4 * squared;
      const difference =
        (correlation(kernel, squared + step) - correlation(kernel, squared - step)) / (2 * step);
      expect(squares[0]).toBe(correlation(kernel, squared));
      expect(Math.abs((slopes[0] as number) - difference)).toBeLessThan(1e-6 * Math.abs(difference) + 1e-11);
      // What is beyond the count stays as it is.
      expect(squares[1]).toBe(-1);
    },
  );

  it.each([
    ["matern52", -5 / 6],
    ["matern32", -3 / 2],
    ["rbf", -1 / 2],
  ] as const)("%s has the limit of its slope at no distance", (kernel, slope) => {
    const slopes = new Float64Array(1);
    correlate(kernel, new Float64Array(1), 1, slopes);
    expect(slopes[0]).toBeCloseTo(slope, 15);
  });
});
