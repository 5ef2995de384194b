import { describe, expect, it } from "vitest";
import { holmCorrection, signedRankTest } from "../../bench/decisions/statistics.ts";

describe("the signed-rank test", () => {
  it("is exact on Darwin's maize, 15 pairs", () => {
    // Differences of height of crossed and self-fertilised plants, in eighths of an inch; W = 24, p of SciPy 1.16.
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signedRankTest(darwin)).toBeCloseTo(0.041259765625, 12);
  });

  it("leaves zeros out and corrects for ties and continuity", () => {
    // scipy.stats.wilcoxon(d, method="approx", correction=True)
    expect(signedRankTest([15, -7, 5, 20, 0, -9, 17, -12, 5, -10])).toBeCloseTo(0.6352893188352069, 9);
    const tied = Array.from({ length: 60 }, (_, i) => Math.round(Math.sin(i + 1) * 7 + 1.5));
    expect(signedRankTest(tied)).toBeCloseTo(0.006998136616147274, 9);
  });

  it("is approximated where there are too many pairs to count", () => {
    const many = Array.from({ length: 60 }, (_, i) => Math.sin(i + 1) * 7 + 1.5);
    expect(signedRankTest(many)).toBeCloseTo(0.010302168404763492, 9);
  });

  it("is as sure as 5 pairs allow", () => {
    expect(signedRankTest([1, 2, 3, 4, 5])).toBe(2 / 2 ** 5);
  });

  it("finds nothing where nothing differs", () => {
    expect(signedRankTest([0, 0, 0])).toBe(1);
    expect(signedRankTest([1, 1, -1, -1])).toBe(1);
  });
});

describe("Holm's correction", () => {
  it("gives what R's p.adjust gives", () => {
    const corrected = holmCorrection([0.01, 0.04, 0.03, 0.005]);
    for (const [i, expected] of [0.03, 0.06, 0.06, 0.02].entries())
      expect(corrected[i]).toBeCloseTo(expected, 12);
  });
});
