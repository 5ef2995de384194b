import { describe, expect, it } from "vitest";
import { logNormalProbability, normalProbability } from "./normal-distribution.ts";
import { logNormalInterval } from "./normal-interval.ts";

describe("the probability of an interval", () => {
  it("is the difference of two probabilities", () => {
    expect(logNormalInterval(-1, 2)).toBeCloseTo(Math.log(normalProbability(2) - normalProbability(-1)), 13);
    expect(logNormalInterval(1, 2)).toBeCloseTo(logNormalInterval(-2, -1), 14);
  });

  it("with one end is that of a tail, and of everything 1", () => {
    expect(logNormalInterval(-Infinity, 0.3)).toBe(logNormalProbability(0.3));
    expect(logNormalInterval(40, Infinity)).toBe(logNormalProbability(-40));
    expect(logNormalInterval(-Infinity, Infinity)).toBe(0);
  });

  it("keeps its digits in both tails", () => {
    expect(logNormalInterval(40, 41)).toBeCloseTo(logNormalProbability(-40), 12);
    expect(logNormalInterval(-41, -40)).toBeCloseTo(logNormalProbability(-40), 12);
  });

  it("of nothing is nothing", () => {
    expect(logNormalInterval(2, 2)).toBe(-Infinity);
  });
});
