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
    ["{ min: 3 mL, max: 2 mL }", "min is not below max"],
    ["{ min: 2 mL, max: 2 mL }", "min and max are both 2 mL"],
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

  it("reads how many parts of a mixture may be there", () => {
    const { compiled, feasible, told } = space(
      `${AB}mixtures:\n  - { of: [a, b], total: 2 mL, at_most: 1 }\n`,
    );
    expect(told).toEqual([]);
    expect(feasible).toBe(true);
    expect(compiled.mixtures).toEqual([{ parameters: ["a", "b"], total: 2, unit: "mL", atMost: 1 }]);
  });

  const MIXED = "mixtures:\n  - { of: [a, b], total: 3 mL";

  it.each([
    [`${AB}${MIXED}, at_most: 1 }\n`, "campaign.yaml:6:41: 1 part of this mixture make up 2 mL at most"],
    [
      `parameters:\n  a: { min: -1 mL, max: 3 mL }\n  b: { min: 0, max: 2 mL }\n${MIXED}, at_most: 2 }\n`,
      '"a" can be below 0',
    ],
    [
      `parameters:\n  a: { min: 1 mL, max: 3 mL, scale: log }\n  b: { min: 0, max: 2 mL }\n${MIXED}, at_most: 2 }\n`,
      "no place on a log scale",
    ],
    [
      `parameters:\n  a: { min: 0, max: 3 mL, context: true }\n  b: { min: 0, max: 2 mL }\n${MIXED} }\n`,
      '"a" can\'t be a part of a mixture: it is context',
    ],
    [
      `parameters:\n  a: { min: 0, max: 3 mL, when: b > 1 mL }\n  b: { min: 0, max: 2 mL }\n${MIXED} }\n`,
      '"a" can\'t be a part of a mixture: it has a condition',
    ],
  ])("refuses a mixture that makes no sense: %#", (yaml, message) => {
    const { told } = space(yaml);
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

  it("tells one constraint that nothing meets, where it stands", () => {
    const { told } = space(`${AB}constraints:\n  - a >= 0 mL\n  - a + b >= 9 mL\n`);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('campaign.yaml:7:5: no setting meets the constraint "a + b >= 9 mL"');
  });

  it("tells which of several mixtures can't be made up", () => {
    const { told } = space(
      `${AB}  d: { min: 2 mL, max: 3 mL }\n  e: { min: 2 mL, max: 3 mL }\nmixtures:\n  - { of: [a, b], total: 3 mL }\n  - { of: [d, e], total: 3 mL }\n`,
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("campaign.yaml:9:5: no amounts of d, e within");
  });
});

const PD = "parameters:\n  c: { choices: [none, Pd] }\n";

describe("a condition or context of a parameter", () => {
  it("is read, with where the parameter rests", () => {
    const { compiled, told } = space(
      `${PD}  x: { min: 1 %, max: 9 %, when: 'c == "Pd"', otherwise: 2 % }\n  y: { levels: [1, 2], context: true }\n`,
    );
    expect(told).toEqual([]);
    expect(compiled.parameters[1]).toMatchObject({ when: { kind: "binary", operator: "==" }, otherwise: 2 });
    expect(compiled.parameters[2]).toMatchObject({ kind: "ordinal", context: true });
  });

  it.each([
    ["  x: { min: 0, max: 9, when: x > 1 }", '3:30: the condition of "x" depends on "x" itself'],
    [
      "  x: { min: 0, max: 9, when: y > 1 }\n  y: { min: 0, max: 9, when: x > 1 }",
      'the conditions of "x" and "y" depend on each other',
    ],
    ["  x: { min: 0, max: 9, when: z > 1 }", '"z" is not known here'],
    ["  x: { min: 0, max: 9, when: 3 }", "but a condition is expected here"],
    ["  x: { min: 0, max: 9, otherwise: 3 }", '3:35: "x" has no condition that may not hold'],
    [`  x: { min: 0, max: 9, when: 'c == "Pd"', otherwise: 10 }`, '"x" can\'t rest at 10'],
    [`  x: { choices: [a, b], when: 'c == "Pd"', otherwise: d }`, "its choices: a, b"],
    [`  x: { min: 0, max: 9, when: 'c == "Pd"', context: true }`, '"x" is context: it is observed'],
    ["  x: { min: 0, max: 9, when: y > 3 }\n  y: { min: 0, max: 2 }", '3:30: "x" is never used'],
  ])("is refused: %s", (yaml, message) => {
    const { told } = space(`${PD}${yaml}\n`);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(message);
  });

  it("that a constraint rules out is told with the constraint", () => {
    const { told } = space(
      `${PD}  x: { min: 0, max: 9, when: y > 5 }\n  y: { min: 0, max: 9 }\nconstraints:\n  - y < 4\n`,
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('no setting meets its condition "y > 5" and "y < 4"');
  });
});
