import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { continuous } from "../../test/support/space.ts";
import { encodeAll, type FeatureMap, featureMap, fromUnit, toUnit } from "./features.ts";
import type { CategoricalParameter, Parameter, Setting } from "./parameter.ts";
import type { Symmetry } from "./symmetry.ts";

function featuresOf(map: FeatureMap, setting: Setting): number[] {
  return [...encodeAll(map, [setting])];
}

function distanceIn(map: FeatureMap, a: Setting, b: Setting): number {
  const other = featuresOf(map, b);
  return Math.hypot(...featuresOf(map, a).map((x, k) => x - (other[k] as number)));
}

describe("features of numbers", () => {
  const log: Parameter = {
    kind: "continuous",
    name: "dose",
    unit: "mM",
    minimum: 0.01,
    maximum: 100,
    scale: "log",
  };

  it("are places between the limits", () => {
    const map = featureMap([continuous("x", -10, 10)]);
    expect([-10, 0, 5, 10].flatMap((x) => featuresOf(map, { x }))).toEqual([0, 0.5, 0.75, 1]);
  });

  it("are places of logarithms on a log scale", () => {
    expect(toUnit(log, 1)).toBeCloseTo(0.5, 14);
    expect(toUnit(log, 10)).toBeCloseTo(0.75, 14);
    expect(fromUnit(log, 0.25)).toBeCloseTo(0.1, 14);
  });

  property.prop([fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(log, continuous("x", -3, 8))])(
    "are undone by going back to the value",
    (place, parameter) => {
      if (parameter.kind !== "continuous") return;
      expect(toUnit(parameter, fromUnit(parameter, place))).toBeCloseTo(place, 12);
    },
  );

  it("of levels that spread over two decades are places of logarithms", () => {
    const levels = (...values: number[]): Parameter => ({
      kind: "ordinal",
      name: "x",
      unit: "1",
      levels: values,
    });
    expect(featuresOf(featureMap([levels(1, 10, 100)]), { x: 10 })[0]).toBeCloseTo(0.5, 14);
    expect(featuresOf(featureMap([levels(1, 10, 99)]), { x: 10 })[0]).toBeCloseTo(9 / 98, 14);
  });

  it("of constants don't exist", () => {
    const map = featureMap([{ kind: "constant", name: "k", unit: "1", value: 3 }, continuous("x")]);
    expect(map.dimension).toBe(1);
    expect(map.featuresOf.get("x")).toEqual([0]);
  });
});

describe("features of choices", () => {
  const solvent: CategoricalParameter = {
    kind: "categorical",
    name: "s",
    choices: ["water", "DMF", "THF", "none"],
  };

  property.prop([fc.constantFrom(...solvent.choices), fc.constantFrom(...solvent.choices)])(
    "without descriptors are all at distance 1 of each other, with one length",
    (one, other) => {
      const map = featureMap([solvent]);
      expect(distanceIn(map, { s: one }, { s: other })).toBeCloseTo(one === other ? 0 : 1, 14);
      expect(map.groupCount).toBe(1);
    },
  );

  it("with a few descriptors are these between 0 and 1, with a length each", () => {
    const map = featureMap([
      { ...solvent, choices: ["a", "b", "c"], descriptors: { a: [10, 7], b: [20, 7], c: [15, 7] } },
    ]);
    expect(["a", "b", "c"].map((s) => featuresOf(map, { s }))).toEqual([
      [0, 0],
      [1, 0],
      [0.5, 0],
    ]);
    expect(map.groupCount).toBe(2);
  });

  it("with many descriptors share a length, the farthest corners 1 apart", () => {
    const map = featureMap([
      { ...solvent, choices: ["a", "b"], descriptors: { a: [0, 0, 0, 0, 0], b: [3, 9, 1, 5, 2] } },
    ]);
    expect(map.groupCount).toBe(1);
    expect(distanceIn(map, { s: "a" }, { s: "b" })).toBeCloseTo(1, 14);
  });

  it("that are embedded keep the ratios of their distances", () => {
    const descriptors = { a: [0, 0], b: [3, 0], c: [0, 4] };
    const map = featureMap([{ ...solvent, choices: ["a", "b", "c"], descriptors, embedded: true }]);
    expect(distanceIn(map, { s: "a" }, { s: "b" })).toBeCloseTo(3 / 5, 14);
    expect(distanceIn(map, { s: "a" }, { s: "c" })).toBeCloseTo(4 / 5, 14);
    expect(distanceIn(map, { s: "b" }, { s: "c" })).toBeCloseTo(1, 14);
  });

  it("don't exist for a choice that isn't one", () => {
    expect(() => featuresOf(featureMap([solvent]), { s: "wine" })).toThrow(
      new RangeError('"wine" is no choice of "s"; choices are water, DMF, THF, none'),
    );
  });
});

describe("features under symmetry", () => {
  const parameters = [continuous("a", -2, 2), continuous("b", -2, 2), continuous("phi", 0, 360)];
  const swap: Symmetry = { kind: "permutation", blocks: [["a"], ["b"]] };
  const flip: Symmetry = { kind: "sign", parameters: ["a", "b"] };
  const turn: Symmetry = { kind: "period", parameter: "phi", period: 360 };
  const values = fc.record({
    a: fc.double({ min: -2, max: 2, noNaN: true }),
    b: fc.double({ min: -2, max: 2, noNaN: true }),
    phi: fc.double({ min: 0, max: 360, noNaN: true }),
  });

  property.prop([values])("are the same for settings that change places", ({ a, b, phi }) => {
    const map = featureMap(parameters, [swap]);
    expect(featuresOf(map, { a: b, b: a, phi })).toEqual(featuresOf(map, { a, b, phi }));
  });

  property.prop([values])("are the same for settings of the other sign", ({ a, b, phi }) => {
    const map = featureMap(parameters, [flip]);
    expect(distanceIn(map, { a: -a, b: -b, phi }, { a, b, phi })).toBe(0);
  });

  property.prop([values, fc.integer({ min: -3, max: 3 })])(
    "are the same a number of periods later",
    ({ a, b, phi }, turns) => {
      const map = featureMap(parameters, [turn]);
      expect(distanceIn(map, { a, b, phi: phi + 360 * turns }, { a, b, phi })).toBeLessThan(1e-9);
    },
  );

  it("of a periodic number are a circle of diameter 1, with one length", () => {
    const map = featureMap(parameters, [turn]);
    const at = (phi: number): Setting => ({ a: 0, b: 0, phi });
    expect(map.dimension).toBe(4);
    expect(map.groupCount).toBe(3);
    expect(distanceIn(map, at(10), at(190))).toBeCloseTo(1, 14);
    expect(distanceIn(map, at(10), at(100))).toBeCloseTo(Math.SQRT1_2, 14);
    expect(distanceIn(map, at(359), at(1))).toBeCloseTo(Math.sin(Math.PI / 180), 12);
  });

  it("that change places share a length", () => {
    expect([...featureMap(parameters, [swap]).groups]).toEqual([0, 0, 1]);
    expect(featureMap(parameters, [swap]).groupCount).toBe(2);
  });

  it("still tell different settings apart", () => {
    const map = featureMap(parameters, [swap, turn]);
    expect(distanceIn(map, { a: 1, b: -1, phi: 0 }, { a: 1, b: 1, phi: 0 })).toBeGreaterThan(0.1);
  });
});
