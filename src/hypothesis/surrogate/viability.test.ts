import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { gradientError } from "../../../test/support/choices.ts";
import { randomPoints } from "../../../test/support/processes.ts";
import { type Trials, viabilityOf } from "./viability.ts";

function trials(dimension: number, inputs: Float64Array, isGood: (x: readonly number[]) => boolean): Trials {
  const count = inputs.length / dimension;
  return {
    count,
    dimension,
    inputs,
    signs: Float64Array.from({ length: count }, (_, i) =>
      isGood([...inputs.subarray(i * dimension, (i + 1) * dimension)]) ? 1 : -1,
    ),
  };
}

describe("viability", () => {
  const halves = trials(
    1,
    Float64Array.of(0.05, 0.15, 0.25, 0.35, 0.65, 0.75, 0.85, 0.95),
    ([x = 0]) => x > 0.5,
  );

  it("rises from failures towards successes, and is even between them", () => {
    const viability = viabilityOf(halves);
    const at = [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1].map((x) => viability.probability(Float64Array.of(x)));
    const between = at.slice(1, 6);
    expect(between).toEqual(between.toSorted((a, b) => a - b));
    expect(at[3]).toBeCloseTo(0.5, 10);
    expect(at[1]).toBeLessThan(0.2);
    expect(at[5]).toBeGreaterThan(0.8);
  });

  it("turns round when successes and failures do", () => {
    const viability = viabilityOf(halves);
    const turned = viabilityOf({ ...halves, signs: halves.signs.map((sign) => -sign) });
    for (const x of [0.1, 0.33, 0.5, 0.9])
      expect(turned.probability(Float64Array.of(x))).toBeCloseTo(
        1 - viability.probability(Float64Array.of(x)),
        8,
      );
  });

  property.prop([
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 500 }),
  ])("is below a half where all failed and above it where none did", (count, dimension, seed) => {
    const inputs = randomPoints(seed, count, dimension);
    const point = randomPoints(seed + 1, 1, dimension);
    expect(viabilityOf(trials(dimension, inputs, () => false)).probability(point)).toBeLessThan(0.5);
    expect(viabilityOf(trials(dimension, inputs, () => true)).probability(point)).toBeGreaterThan(0.5);
  });

  property.prop([
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 500 }),
  ])("has a logarithm with the gradient of central differences", (count, dimension, seed) => {
    const viability = viabilityOf(
      trials(dimension, randomPoints(seed, count, dimension), ([x = 0]) => x > 0.4),
    );
    const value = (x: Float64Array): number => Math.log(viability.probability(x));
    const at = [...randomPoints(seed + 1, 1, dimension)];
    expect(gradientError(viability.derive, value, at)).toBeLessThan(1e-3);
    const point = Float64Array.from(at);
    expect(viability.derive(point, new Float64Array(dimension))).toBeCloseTo(value(point), 9);
  });

  it("far from all trials is near the share of those that gave a result", () => {
    const data = trials(1, randomPoints(3, 20, 1), ([x = 0]) => x > 0.3);
    const share = data.signs.filter((sign) => sign > 0).length / 20;
    // The probit of the share is drawn towards a half by the variance of the latent function, 1 or 4.
    const far = viabilityOf(data).probability(Float64Array.of(1e4));
    expect(far).toBeGreaterThan(0.5);
    expect(far).toBeLessThan(share);
  });

  it("of a single trial is the quotient that Laplace's approximation has in one dimension", () => {
    // One success, mean m = Φ⁻¹(3/4): the mode f of ln Φ(f + m) - f²/2s for the signal s, found by bisection.
    const at = Float64Array.of(0.5);
    const value = viabilityOf(trials(1, at, () => true)).probability(at);
    const mean = 0.6744897501960817;
    const candidates = [1, 4].map((signal) => laplaceOfOne(mean, signal));
    const best = candidates.reduce((a, b) => (b.logEvidence > a.logEvidence ? b : a));
    expect(value).toBeCloseTo(best.probability, 5);
  });

  it("tells a boundary in two dimensions", () => {
    const viability = viabilityOf(trials(2, randomPoints(7, 60, 2), ([a = 0, b = 0]) => a + b < 1));
    const places = randomPoints(8, 200, 2);
    let right = 0;
    let clear = 0;
    for (let i = 0; i < 200; i++) {
      const margin = (places[2 * i] as number) + (places[2 * i + 1] as number) - 1;
      // A boundary learned from 60 trials is known to about the distance between them.
      if (Math.abs(margin) < 1 / Math.sqrt(60)) continue;
      clear += 1;
      if (viability.probability(places, 2 * i) > 0.5 === margin < 0) right += 1;
    }
    expect(right / clear).toBeGreaterThan(0.97);
  });
});

/** Laplace's approximation of one success with a latent N(0, signal) below the mean, by brute force. */
function laplaceOfOne(mean: number, signal: number): { probability: number; logEvidence: number } {
  const slope = (f: number): number => density(f + mean) / probability(f + mean) - f / signal;
  let [low, high] = [-5, 5];
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  const f = (low + high) / 2;
  const ratio = density(f + mean) / probability(f + mean);
  const curvature = ratio * (ratio + f + mean);
  const variance = 1 / (1 / signal + curvature);
  return {
    probability: probability((mean + f) / Math.sqrt(1 + variance)),
    logEvidence:
      Math.log(probability(f + mean)) - (f * f) / (2 * signal) - 0.5 * Math.log(1 + signal * curvature),
  };
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Simpson's rule from -12. */
function probability(z: number): number {
  const steps = 2000;
  const step = (z + 12) / steps;
  let sum = density(-12) + density(z);
  for (let k = 1; k < steps; k++) sum += (k % 2 === 0 ? 2 : 4) * density(-12 + k * step);
  return (sum * step) / 3;
}
