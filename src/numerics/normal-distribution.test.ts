import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { logNormalProbability, normalProbability, normalQuantile } from "./normal-distribution.ts";

test("half of all numbers are below the mean", () => {
  expect(normalProbability(0)).toBe(0.5);
  expect(normalQuantile(0.5)).toBeCloseTo(0, 14);
});

test("the logarithm stays exact where the probability underflows", () => {
  // Asymptotic series: ln Φ(-z) = -z²/2 - ln(z√2π) + ln(1 - z⁻² + 3z⁻⁴ …)
  const z = 100;
  const series = -0.5 * z * z - Math.log(z * Math.sqrt(2 * Math.PI)) + Math.log1p(-1e-4 + 3e-8 - 15e-12);
  expect(logNormalProbability(-z)).toBeCloseTo(series, 9);
});

property.prop([fc.double({ min: -8, max: 8, noNaN: true })])("the two tails sum to 1", (z) => {
  expect(normalProbability(z) + normalProbability(-z)).toBeCloseTo(1, 14);
});

property.prop([fc.double({ min: -30, max: 5, noNaN: true })])("the quantile undoes the probability", (z) => {
  // Above the mean 1 - p has only 16 digits after the point, which limits z to eps / φ(z).
  expect(Math.abs(normalQuantile(normalProbability(z)) - z)).toBeLessThan(z < 0 ? 1e-11 : 1e-9);
});
