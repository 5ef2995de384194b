import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { hypervolume, undominated } from "./hypervolume.ts";

describe("hypervolume", () => {
  it("of one point is the box down to the reference", () => {
    expect(hypervolume([[2, 3]], [0, 1])).toBe(4);
    expect(hypervolume([[2, 3, 4]], [1, 1, 1])).toBe(6);
  });

  it("counts what two points share once", () => {
    expect(
      hypervolume(
        [
          [3, 1],
          [1, 3],
        ],
        [0, 0],
      ),
    ).toBe(5);
    expect(
      hypervolume(
        [
          [2, 1, 1],
          [1, 2, 1],
          [1, 1, 2],
        ],
        [0, 0, 0],
      ),
    ).toBe(4);
  });

  it("ignores points that are not above the reference in every coordinate, and dominated ones", () => {
    expect(
      hypervolume(
        [
          [3, 0],
          [2, 2],
          [1, 1],
        ],
        [0, 0],
      ),
    ).toBe(4);
    expect(hypervolume([], [0, 0])).toBe(0);
  });

  prop.prop([
    fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
      ),
      { maxLength: 8 },
    ),
  ])("is the number of unit cells that are dominated", (points) => {
    let cells = 0;
    for (let i = 0; i < 64; i++) {
      const cell = [i & 3, (i >> 2) & 3, i >> 4];
      if (points.some((point) => point.every((value, k) => value > (cell[k] as number)))) cells += 1;
    }
    expect(hypervolume(points, [0, 0, 0])).toBe(cells);
  });
});

it("of equal points that nothing dominates the first is kept", () => {
  const points = [
    [1, 2],
    [2, 1],
    [1, 2],
    [0, 0],
  ];
  expect(undominated(points)).toEqual([0, 1]);
});
