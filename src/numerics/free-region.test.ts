import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { type FreeRegion, freeRegion } from "./free-region.ts";
import { undominated } from "./hypervolume.ts";

function boxesAround({ levels, boxes, count }: FreeRegion, point: readonly number[]): number {
  let around = 0;
  for (let box = 0; box < count; box++) {
    const inside = point.every((value, k) => {
      const at = (box * levels.length + k) * 2;
      const side = (level: number): number => levels[k]?.[boxes[level] as number] as number;
      return value >= side(at) && value < side(at + 1);
    });
    if (inside) around += 1;
  }
  return around;
}

const coordinate = fc.integer({ min: 0, max: 5 });

describe("the region that a front leaves free", () => {
  it("without a front is one box", () => {
    const { levels, boxes, count } = freeRegion([], [1, 2]);
    expect(count).toBe(1);
    expect([...boxes]).toEqual([0, 1, 0, 1]);
    expect(levels.map((each) => [...each])).toEqual([
      [1, Infinity],
      [2, Infinity],
    ]);
  });

  for (const dimension of [2, 3, 4]) {
    prop.prop([
      fc.array(fc.array(coordinate, { minLength: dimension, maxLength: dimension }), { maxLength: 7 }),
    ])(
      `of ${dimension} coordinates is in exactly one box where nothing dominates, in none elsewhere`,
      (points) => {
        const region = freeRegion(points, new Array<number>(dimension).fill(0));
        for (let i = 0; i < 7 ** Math.min(3, dimension); i++) {
          const digits = [i % 7, Math.floor(i / 7) % 7, Math.floor(i / 49) % 7, (3 * i) % 7];
          const probe = digits.slice(0, dimension).map((each) => each - 0.5);
          const free =
            probe.every((value) => value > 0) &&
            !points.some((point) => point.every((value, k) => value > (probe[k] as number)));
          expect(boxesAround(region, probe)).toBe(free ? 1 : 0);
        }
      },
    );
  }

  prop.prop([
    fc.array(
      fc.tuple(
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
      ),
      { maxLength: 12 },
    ),
  ])("takes no more boxes than n + 1 in two dimensions and 2n + 1 in three", (points) => {
    const front = undominated(points).length;
    expect(freeRegion(points, [0, 0, 0]).count).toBeLessThanOrEqual(2 * front + 1);
    const flat = points.map((point) => point.slice(0, 2));
    expect(freeRegion(flat, [0, 0]).count).toBe(undominated(flat).length + 1);
  });
});
