import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { type BoxOptions, minimiseInBox, type Objective } from "./box-minimiser.ts";

const patient = (lower: number[], upper: number[]): BoxOptions => ({
  lower: Float64Array.from(lower),
  upper: Float64Array.from(upper),
  iterations: 500,
  gradientTolerance: 1e-9,
  valueTolerance: 0,
});

const rosenbrock: Objective = (x, gradient) => {
  const [a, b] = x as unknown as [number, number];
  gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
  gradient[1] = 200 * (b - a * a);
  return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
};

test("Rosenbrock's valley is followed to its end", () => {
  const { x, evaluations } = minimiseInBox(rosenbrock, Float64Array.of(-1.2, 1), patient([-5, -5], [5, 5]));
  expect(x[0]).toBeCloseTo(1, 6);
  expect(x[1]).toBeCloseTo(1, 6);
  expect(evaluations).toBeLessThan(120);
});

test("a minimum beyond the box is met at its wall", () => {
  // With a ≤ 0.5 the minimum is at the wall: b = a².
  const { x } = minimiseInBox(rosenbrock, Float64Array.of(-1, 1), patient([-5, -5], [0.5, 5]));
  expect(x[0]).toBe(0.5);
  expect(x[1]).toBeCloseTo(0.25, 6);
});

property.prop([fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 6 })])(
  "a bowl's minimum inside a box is the nearest point of the box",
  (centre) => {
    const bowl: Objective = (x, gradient) => {
      let sum = 0;
      for (const [i, c] of centre.entries()) {
        gradient[i] = 2 * (i + 1) * ((x[i] as number) - c);
        sum += (i + 1) * ((x[i] as number) - c) ** 2;
      }
      return sum;
    };
    const { x } = minimiseInBox(
      bowl,
      new Float64Array(centre.length),
      patient(
        centre.map(() => -1),
        centre.map(() => 1),
      ),
    );
    for (const [i, c] of centre.entries()) expect(x[i]).toBeCloseTo(Math.min(1, Math.max(-1, c)), 6);
  },
);

test("a point without a value is backed away from", () => {
  const logarithm: Objective = (x, gradient) => {
    gradient[0] = 1 - 0.1 / (x[0] as number);
    return (x[0] as number) - 0.1 * Math.log(x[0] as number);
  };
  const { x } = minimiseInBox(logarithm, Float64Array.of(5), patient([-10], [10]));
  expect(x[0]).toBeCloseTo(0.1, 6);
});
