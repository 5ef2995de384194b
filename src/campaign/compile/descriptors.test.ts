import { describe, expect, it } from "vitest";
import { featureMap } from "../../hypothesis/features.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import { createStrategy } from "../strategy/create-strategy.ts";
import { describeByNumbers } from "./descriptors.ts";
import { fingerprintsOf } from "./fingerprints.ts";

const SOLVENTS = {
  toluene: "Cc1ccccc1",
  benzene: "c1ccccc1",
  methanol: "CO",
  ethanol: "CCO",
  DMF: "CN(C)C=O",
};

/** The parameter `solvent` of a strategy. */
function compiled(written: object): Extract<Parameter, { kind: "categorical" }> {
  const strategy = createStrategy({
    parameters: { solvent: { choices: Object.keys(SOLVENTS), ...written } },
    measurements: { y: {} },
    goal: { maximise: "y" },
  });
  return strategy.toJSON().problem.space.parameters[0] as Extract<Parameter, { kind: "categorical" }>;
}

/** How far apart a model sees two choices. */
function distance(parameter: Parameter, a: string, b: string): number {
  const map = featureMap([parameter]);
  const [x, y] = [a, b].map((choice) => {
    const features = new Float64Array(map.dimension);
    map.encode({ [parameter.name]: choice }, features, 0);
    return features;
  });
  return Math.sqrt((x as Float64Array).reduce((sum, each, k) => sum + (each - (y?.[k] as number)) ** 2, 0));
}

describe("descriptors from SMILES", () => {
  it("put alike molecules near each other", () => {
    const solvent = compiled({ smiles: SOLVENTS });
    expect(solvent.descriptors?.["toluene"]?.length).toBeLessThanOrEqual(8);
    expect(distance(solvent, "toluene", "benzene")).toBeLessThan(distance(solvent, "toluene", "DMF"));
    expect(distance(solvent, "methanol", "ethanol")).toBeLessThan(distance(solvent, "methanol", "toluene"));
  });

  it("may be the choices themselves", () => {
    const choices = Object.values(SOLVENTS);
    const solvent = compiled({ choices, smiles: true });
    const named = compiled({ smiles: SOLVENTS });
    expect(Object.values(solvent.descriptors ?? {})).toEqual(Object.values(named.descriptors ?? {}));
  });

  it.each([
    [{ ...SOLVENTS, DMF: "CN(C)C=Q" }, '"CN(C)C=Q" of "DMF" is no SMILES'],
    [{ ...SOLVENTS, DMF: "" }, '"" of "DMF" is no SMILES: it has no atoms'],
    [
      { ...SOLVENTS, DMF: undefined, DMFA: "CN(C)C=O" },
      'the choice "DMF" of "solvent" has no SMILES\n  → did you mean "DMFA"?',
    ],
  ])("refuse %j", (smiles, told) => {
    expect(() => compiled({ smiles })).toThrow(told);
  });

  it("don't stand beside descriptors", () => {
    expect(() => compiled({ smiles: SOLVENTS, descriptors: {} })).toThrow(
      '"solvent" has both descriptors and smiles',
    );
  });

  it("need a package, and its absence is told apart from other errors", () => {
    const absent = Object.assign(new Error("Cannot find module 'openchemlib'"), { code: "MODULE_NOT_FOUND" });
    const throws = (error: Error) => (): never => {
      throw error;
    };
    expect(fingerprintsOf(["C"], throws(absent))).toEqual({ kind: "not installed" });
    expect(() => fingerprintsOf(["C"], throws(new Error("broken")))).toThrow("broken");
  });
});

describe("descriptors from numbers", () => {
  const choices = ["a", "b", "c", "d"];
  const table = (width: number): Map<string, number[]> =>
    new Map(
      choices.map((choice, i) => [
        choice,
        Array.from({ length: width }, (_, k) => Math.sin((i + 1) * (k + 1))),
      ]),
    );

  it("stay as they are up to eight", () => {
    const described = describeByNumbers(choices, table(8));
    expect(described).toEqual({ descriptors: Object.fromEntries(table(8)) });
  });

  it("become principal components beyond eight", () => {
    const { descriptors, embedded } = describeByNumbers(choices, table(300));
    expect(embedded).toBe(true);
    expect(descriptors?.["a"]).toHaveLength(3);
  });

  it("are none where all choices have the same", () => {
    expect(describeByNumbers(choices, new Map(choices.map((choice) => [choice, [1, 2]])))).toEqual({});
  });

  it("keep their distances in the model, the farthest at most 1 apart", () => {
    const parameter: Parameter = {
      kind: "categorical",
      name: "x",
      choices: ["a", "b", "c"],
      descriptors: { a: [0, 0], b: [30, 0], c: [0, 3] },
      embedded: true,
    };
    expect(distance(parameter, "a", "b") / distance(parameter, "a", "c")).toBeCloseTo(10, 12);
    expect(distance(parameter, "b", "c")).toBeCloseTo(1, 12);
  });

  it("can't be read from a file by a program", () => {
    expect(() => compiled({ descriptors: "solvents.csv" })).toThrow(
      '"solvents.csv" isn\'t read: a program gives the numbers themselves',
    );
  });
});
