import { describe, expect, it } from "vitest";
import { randomStream } from "../../base/random.ts";
import { descriptorLikeness, standardised } from "./descriptor-likeness.ts";
import { fingerprintLikeness } from "./fingerprint-likeness.ts";
import { kernelCoordinates, type Likeness } from "./kernel-coordinates.ts";

function distance(a: readonly number[] = [], b: readonly number[] = []): number {
  return Math.sqrt(a.reduce((sum, x, k) => sum + (x - (b[k] as number)) ** 2, 0));
}

function implied({ between }: Likeness, i: number, j: number): number {
  return Math.sqrt(between(i, i) + between(j, j) - 2 * between(i, j));
}

function randomRows(count: number, width: number): number[][] {
  const random = randomStream(1, 0, "rows");
  return Array.from({ length: count }, () => Array.from({ length: width }, () => random.normal()));
}

describe("coordinates from a likeness", () => {
  it("keep every distance where there are enough of them", () => {
    const likeness = descriptorLikeness(randomRows(7, 300));
    const places = kernelCoordinates(likeness, 8);
    expect(places[0]).toHaveLength(6);
    for (let i = 0; i < 7; i++)
      for (let j = 0; j < i; j++)
        expect(distance(places[i], places[j])).toBeCloseTo(implied(likeness, i, j), 9);
  });

  it("are principal components: uncorrelated, the most telling first", () => {
    const places = kernelCoordinates(descriptorLikeness(randomRows(40, 12)), 8);
    const product = (k: number, l: number): number =>
      places.reduce((sum, row) => sum + (row[k] as number) * (row[l] as number), 0);
    for (let k = 0; k < 8; k++) for (let l = 0; l < k; l++) expect(product(k, l)).toBeCloseTo(0, 9);
    for (let k = 1; k < 8; k++) expect(product(k, k)).toBeLessThan(product(k - 1, k - 1));
  });

  it("keep distances of few dimensions also beyond the landmarks", () => {
    const likeness = descriptorLikeness(randomRows(500, 3));
    const places = kernelCoordinates(likeness, 8);
    expect(places).toHaveLength(500);
    for (const [i, j] of [
      [0, 499],
      [123, 321],
      [77, 78],
    ] as const)
      expect(distance(places[i], places[j])).toBeCloseTo(implied(likeness, i, j), 8);
  });

  it("keep Tanimoto's distances of fingerprints", () => {
    const likeness = fingerprintLikeness([[0b1111], [0b0111], [0b110000], [-1], [0]]);
    expect(likeness.between(0, 1)).toBe(3 / 4);
    expect(likeness.between(0, 3)).toBe(4 / 32);
    expect(likeness.between(4, 4)).toBe(1);
    const places = kernelCoordinates(likeness, 8);
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < i; j++)
        expect(distance(places[i], places[j])).toBeCloseTo(implied(likeness, i, j), 10);
  });

  it("are none where all are alike", () => {
    expect(kernelCoordinates({ count: 3, between: () => 1 }, 8)).toEqual([[], [], []]);
    expect(
      kernelCoordinates(
        descriptorLikeness([
          [0.1, 2],
          [0.1, 2],
        ]),
        8,
      ),
    ).toEqual([[], []]);
  });
});

describe("standardised columns", () => {
  it("leave constant ones out", () => {
    expect(
      standardised([
        [1, 5, 0.1],
        [3, 5, 0.1],
      ]),
    ).toEqual([[-1], [1]]);
  });
});
