import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { Setting } from "./parameter.ts";
import { alikeParameters, representative, type Symmetry } from "./symmetry.ts";

const blocks: Symmetry = {
  kind: "permutation",
  blocks: [
    ["a1", "a2"],
    ["b1", "b2"],
    ["c1", "c2"],
  ],
};
const names = ["a1", "a2", "b1", "b2", "c1", "c2"];
const sign: Symmetry = { kind: "sign", parameters: ["a1", "b1"] };
const period: Symmetry = { kind: "period", parameter: "c2", period: 4 };
/** The rotations of a square, by which four corners change places. */
const rotations: Symmetry = {
  kind: "group",
  parameters: ["a1", "a2", "b1", "b2"],
  images: [
    [0, 1, 2, 3],
    [1, 2, 3, 0],
    [2, 3, 0, 1],
    [3, 0, 1, 2],
  ],
};

const settings: fc.Arbitrary<Record<string, number>> = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: 6, maxLength: 6 })
  .map((values) => Object.fromEntries(names.map((name, k) => [name, values[k] as number])));

function renamed(setting: Setting, from: readonly string[], to: readonly string[]): Setting {
  return {
    ...setting,
    ...Object.fromEntries(to.map((name, k) => [name, setting[from[k] as string] as number])),
  };
}

describe("a representative", () => {
  property.prop([settings, fc.constantFrom(blocks, sign, period, rotations)])(
    "represents itself",
    (setting, symmetry) => {
      const once = representative([symmetry], setting);
      expect(representative([symmetry], once)).toEqual(once);
      expect(Object.keys(once).sort()).toEqual(names);
    },
  );

  property.prop([settings, fc.shuffledSubarray(["a", "b", "c"], { minLength: 3 })])(
    "is the same for blocks in any order",
    (setting, order) => {
      const to = order.flatMap((block) => [`${block}1`, `${block}2`]);
      expect(representative([blocks], renamed(setting, names, to))).toEqual(
        representative([blocks], setting),
      );
    },
  );

  property.prop([settings])("is the same for both signs", (setting) => {
    const flipped = { ...setting, a1: 0 - (setting["a1"] ?? 0), b1: 0 - (setting["b1"] ?? 0) };
    expect(representative([sign], flipped)).toEqual(representative([sign], setting));
  });

  property.prop([settings, fc.integer({ min: -5, max: 5 })])(
    "is the same a number of periods later, and within the first",
    (setting, turns) => {
      const later = { ...setting, c2: (setting["c2"] ?? 0) + 4 * turns };
      const own = representative([period], later);
      expect(own).toEqual(representative([period], setting));
      expect(own["c2"]).toBeGreaterThanOrEqual(0);
      expect(own["c2"]).toBeLessThan(4);
    },
  );

  property.prop([settings, fc.constantFrom(0, 1, 2, 3)])(
    "is the same for every image of a group",
    (setting, turn) => {
      const corners = ["a1", "a2", "b1", "b2"];
      const turned = renamed(setting, corners, [...corners.slice(turn), ...corners.slice(0, turn)]);
      expect(representative([rotations], turned)).toEqual(representative([rotations], setting));
    },
  );

  property.prop([settings])("keeps what came out apart: blocks stay whole", (setting) => {
    const pairs = (of: Setting): string[] =>
      ["a", "b", "c"].map((b) => `${of[`${b}1`]} ${of[`${b}2`]}`).sort();
    expect(pairs(representative([blocks], setting))).toEqual(pairs(setting));
  });

  it("of blocks is in rising order, of a group the greatest", () => {
    const setting = { a1: 2, a2: 0, b1: 1, b2: 3, c1: 1, c2: 1 };
    expect(representative([blocks], setting)).toEqual({ a1: 1, a2: 1, b1: 1, b2: 3, c1: 2, c2: 0 });
    expect(representative([rotations], setting)).toEqual({ ...setting, a1: 3, a2: 2, b1: 0, b2: 1 });
  });

  it("of names is in the order of their letters", () => {
    const swap: Symmetry = { kind: "permutation", blocks: [["left"], ["right"]] };
    expect(representative([swap], { left: "zinc", right: "iron" })).toEqual({ left: "iron", right: "zinc" });
  });
});

it("parameters that may change places are alike, place by place", () => {
  expect(alikeParameters([blocks, sign, period])).toEqual([
    ["a1", "b1", "c1"],
    ["a2", "b2", "c2"],
  ]);
  expect(alikeParameters([rotations])).toEqual([["a1", "a2", "b1", "b2"]]);
});
