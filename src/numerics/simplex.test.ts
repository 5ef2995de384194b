import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { randomStream } from "../base/random.ts";
import { simplexPoint } from "./simplex.ts";

property.prop([fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { maxLength: 8 })])(
  "shares are at least 0 and sum to 1",
  (uniforms) => {
    const shares = simplexPoint(uniforms);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  },
);

test("every share has the same mean", () => {
  // Var of one of four shares is 3/80, so the mean of 4000 has a standard error of 0.0031; five of them are allowed.
  const random = randomStream(1, 0, "simplex");
  const sums = new Float64Array(4);
  for (let i = 0; i < 4000; i++) {
    for (const [k, share] of simplexPoint([random.uniform(), random.uniform(), random.uniform()]).entries())
      sums[k] = (sums[k] as number) + share;
  }
  for (const sum of sums) expect(Math.abs(sum / 4000 - 0.25)).toBeLessThan(0.0155);
});
