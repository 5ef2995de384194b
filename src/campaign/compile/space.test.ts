import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { written } from "../../../test/support/written.ts";
import { tidy } from "../../base/unit.ts";
import { checkSpace } from "./check-space.ts";
import { compileParameters, compileSpace, parameterType } from "./space.ts";

function parameters(yaml: string) {
  const part = written(`parameters:\n  x: ${yaml}\n`);
  return { got: compileParameters(part.faults, part.file)[0], told: part.told() };
}

function space(yaml: string) {
  const part = written(yaml);
  const found = compileParameters(part.faults, part.file);
  const scope = new Map(found.map((each) => [each.name, parameterType(each)]));
  const compiled = compileSpace(part.faults, part.file, found, { scope, constants: new Map() });
  return { compiled, feasible: checkSpace(part.faults, part.file, compiled), told: part.told() };
}

describe("a parameter of a file", () => {
  it.each([
    ["{ min: 0, max: 2 mL }", { kind: "continuous", unit: "mL", minimum: 0, maximum: 2, scale: "linear" }],
    ["{ min: 500 uL, max: 2 mL }", { kind: "continuous", unit: "mL", minimum: 0.5, maximum: 2 }],
    ["{ min: 1 mM, max: 1 M, scale: log }", { minimum: 0.001, maximum: 1, scale: "log" }],
    ["{ min: 18 degC, max: 40 degC, step: 0.5 K }", { kind: "stepped", unit: "degC", step: 0.5 }],
    ["{ min: 2, max: 8, integer: true }", { kind: "integer", minimum: 2, maximum: 8 }],
    ["{ levels: [200 rpm, 400 rpm] }", { kind: "ordinal", unit: "rpm", levels: [200, 400] }],
    ["{ choices: [toluene, DMF] }", { kind: "categorical", choices: ["toluene", "DMF"] }],
    ["{ value: 3 mL }", { kind: "constant", unit: "mL", value: 3 }],
  ])("is read: %s", (yaml, expected) => {
    const { got, told } = parameters(yaml);
    expect(told).toEqual([]);
    expect(got).toMatchObject(expected);
  });

  it.each([
    ["{ min: 2 mL, max: 2 mL }", "min is not below max"],
    ["{ min: 0, max: 1, scale: log }", "min has to be above 0"],
    ["{ min: 0.5, max: 8, integer: true }", "its range ends at 0.5 and 8"],
    ["{ levels: [400 rpm, 200 rpm] }", "have to rise"],
    ["{ choices: [DMF, DMF] }", '"DMF" is a choice of "x" twice'],
    ["{ choices: [a, b], descriptors: { a: [1, 2], b: [1] } }", "needs descriptors, equally many"],
    ["{ min: 0 uL, max: 1 }", 'max of "x" has no unit, but min is in uL'],
    ["{ min: 0, max: 1 mL, step: 0 mL }", "use a step above 0"],
  ])("is refused: %s", (yaml, message) => {
    const { told } = parameters(yaml);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(message);
  });

  const decimals = fc.integer({ min: -5000, max: 5000 }).map((n) => n / 100);
  const step = fc.integer({ min: 1, max: 500 }).map((n) => n / 100);
  const count = fc.integer({ min: 1, max: 2000 });

  prop.prop([decimals, step, count])("of whole steps is read, however its decimals round", (min, by, n) => {
    const { got, told } = parameters(`{ min: ${min} mL, max: ${tidy(min + n * by)} mL, step: ${by} mL }`);
    expect(told).toEqual([]);
    expect(got).toMatchObject({ kind: "stepped", step: by });
  });

  prop.prop([decimals, step, count])(
    "of half a step too much is refused, with the nearest max",
    (min, by, n) => {
      const { told } = parameters(
        `{ min: ${min} mL, max: ${tidy(min + (n + 0.5) * by)} mL, step: ${by} mL }`,
      );
      expect(told).toHaveLength(1);
      expect(told[0]).toContain(`use max: ${tidy(min + n * by)} mL`);
    },
  );
});

const AB = "parameters:\n  a: { min: 0, max: 2 mL }\n  b: { min: 0, max: 2 mL }\n  c: { choices: [x, y] }\n";

describe("a space of a file", () => {
  it("takes a mixture's total in any unit of its kind", () => {
    const { compiled, feasible, told } = space(`${AB}mixtures:\n  - { of: [a, b], total: 3000 uL }\n`);
    expect(told).toEqual([]);
    expect(feasible).toBe(true);
    expect(compiled.mixtures).toEqual([{ parameters: ["a", "b"], total: 3000, unit: "uL" }]);
  });

  it.each([
    ["{ of: [a, a], total: 3 mL }", '"a" is a part of a mixture twice'],
    ["{ of: [a, c], total: 3 mL }", '"c" can\'t be a part of a mixture'],
    ["{ of: [a, d], total: 3 mL }", '"d" is no parameter'],
    ["{ of: [a, b], total: 3 g }", 'the total is in g, but "a" is in mL'],
    ["{ of: [a, b], total: 5 mL }", "no amounts of a, b"],
  ])("refuses a mixture: %s", (yaml, message) => {
    const { told } = space(`${AB}mixtures:\n  - ${yaml}\n`);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(message);
  });

  it("names the fewest constraints that can't hold together, at the first of them", () => {
    const { told } = space(`${AB}constraints:\n  - a <= 1 mL\n  - b >= 0.5 mL\n  - a >= 1.5 mL\n`);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(
      'campaign.yaml:6:5: no setting meets the constraints "a <= 1 mL" and "a >= 1.5 mL" together',
    );
  });
});
