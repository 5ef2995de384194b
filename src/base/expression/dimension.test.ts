import { describe, expect, it } from "vitest";
import { unitOf } from "../unit.ts";
import { checkDimensions, describeType, type ExpressionType, quantityType } from "./dimension.ts";
import { parseExpression } from "./parse.ts";

const names = new Map<string, ExpressionType>([
  ["cyan", quantityType(unitOf("uL").dimension)],
  ["magenta", quantityType(unitOf("mL").dimension)],
  ["wait", quantityType(unitOf("min").dimension)],
  ["flow", quantityType(unitOf("mL/min").dimension)],
  ["ratio", quantityType(unitOf("1").dimension)],
  ["bath", quantityType(unitOf("degC").dimension, true)],
  ["air", quantityType(unitOf("degC").dimension, true)],
  ["dye", { kind: "text", choices: ["old", "new"] }],
  ["done", { kind: "condition" }],
]);

function check(text: string): ReturnType<typeof checkDimensions> {
  const parsed = parseExpression(text);
  if (parsed.kind === "problem") throw new Error(`${text}: ${parsed.message} at ${parsed.at}`);
  return checkDimensions(
    parsed.expression,
    (name) => names.get(name),
    (name) => `"${name}" is not known`,
  );
}

function typeOf(text: string): ExpressionType {
  const checked = check(text);
  if (checked.kind === "problem") throw new Error(`${text}: ${checked.message} at ${checked.at}`);
  return checked.type;
}

function problem(text: string): string {
  const checked = check(text);
  return checked.kind === "problem" ? `${checked.at}: ${checked.message}` : describeType(checked.type);
}

describe("the dimension of an expression", () => {
  it.each([
    ["cyan", "uL"],
    ["cyan + magenta", "L"],
    ["300 uL - cyan - magenta", "L"],
    ["-cyan", "L"],
    ["2 * cyan", "L"],
    ["cyan / magenta", "1"],
    ["cyan / wait", "L/s"],
    ["flow * wait", "L"],
    ["flow * wait + cyan", "L"],
    ["2 / wait", "1/s"],
    ["0.2 1/s + 30 rpm", "Hz"],
    ["1 uM / 1 s", "mol/L/s"],
    ["sqrt(cyan^2 + magenta^2)", "L"],
    ["cyan^(1)", "L"],
    ["cyan^-1", "1/L"],
    ["cyan^0", "1"],
    ["(1 m)^3 + cyan", "L"],
    ["(cyan / 1 m)^0.5 + 1 m", "m"],
    ["(cyan * cyan)^50 %", "L"],
    ["ratio^ratio", "1"],
    ["2^(cyan / magenta)", "1"],
    ["abs(cyan - magenta)", "L"],
    ["min(cyan, magenta, 1 mL)", "L"],
    ["max(0, cyan)", "L"],
    ["max(cyan, 0)", "L"],
    ["cyan + 0", "L"],
    ["0 - cyan", "L"],
    ["exp(-cyan / magenta)", "1"],
    ["log10(ratio) + sin(90 deg) + round(5 %)", "1"],
    ["done ? cyan : 0", "L"],
    ["bath / 1 K", "1"],
  ])("of %s is that of %s", (text, unit) => {
    const type = typeOf(text);
    if (type.kind !== "quantity") throw new Error(describeType(type));
    for (const [i, exponent] of unitOf(unit).dimension.entries()) {
      expect(type.dimension[i]).toBeCloseTo(exponent, 12);
    }
  });

  it.each([
    "cyan < 1 mL",
    "cyan == 0",
    "0 >= cyan",
    "done and not (cyan > 1 uL)",
    'dye == "old" or done',
    "dye != dye",
  ])("of %s is none: it is a condition", (text) => {
    expect(typeOf(text)).toEqual({ kind: "condition" });
  });

  it("of a text is none: it is a text", () => {
    expect(typeOf('"old"')).toEqual({ kind: "text" });
    expect(typeOf("dye")).toEqual({ kind: "text", choices: ["old", "new"] });
    expect(typeOf("done ? dye : 'old'").kind).toBe("text");
  });
});

describe("what doesn't fit", () => {
  const both = (sides: string, one: string, other: string): string =>
    `both sides of "${sides}" have to be of one dimension, but one is ${one} and the other ${other}`;

  it.each([
    ["cyan + wait", `5: ${both("+", "a volume", "a time")}`],
    ["1 + (cyan - 2)", `10: ${both("-", "a volume", "a number without unit")}`],
    ["flow < 3 rpm", `5: ${both("<", "a volume flow", "a rate per time")}`],
    ["cyan == 'old'", `5: ${both("==", "a volume", "a text")}`],
    ["done == done", `5: ${both("==", "a condition", "a condition")}`],
    ["0 == 'old'", `2: ${both("==", "a number without unit", "a text")}`],
    [
      "min(cyan, 2)",
      '0: the values of "min" have to be of one dimension, but one is a volume and the other a number without unit',
    ],
    [
      "done ? cyan : wait",
      "5: both choices have to be of one dimension, but one is a volume and the other a time",
    ],
    ["cyan ? 1 : 2", '5: a condition (such as "a < b") is expected here, not a volume'],
    ["not cyan", '0: a condition (such as "a < b") is expected here, not a volume'],
    ["done and ratio", '5: a condition (such as "a < b") is expected here, not a number without unit'],
    ["dye or done", '4: a condition (such as "a < b") is expected here, not a text'],
    ["1 + dye", "2: a number is expected here, not a text"],
    ["-done", "0: a number is expected here, not a condition"],
    ["abs('old')", "0: a number is expected here, not a text"],
    ["2^cyan", "1: an exponent has to be a number without unit"],
    ["cyan^ratio", "4: a quantity with a unit can only be raised to a power that is written as a number"],
    ["1 + log(cyan)", '4: "log" takes a number without unit, not a volume; divide by a quantity of its kind'],
    ["cyan + yellow", '7: "yellow" is not known'],
    ["constructor", '0: "constructor" is not known'],
    ["2 * __proto__", '4: "__proto__" is not known'],
  ])("in %s is told with its place", (text, told) => {
    expect(problem(text)).toBe(told);
  });
});

describe("a temperature", () => {
  const kelvin = unitOf("K").dimension;

  it.each([
    ["20 degC", { absolute: true }],
    ["-20 degC", { absolute: true }],
    ["20 K", { absolute: false }],
    ["bath + 5 K", { absolute: true }],
    ["5 K + bath", { absolute: true }],
    ["bath - 5 K", { absolute: true }],
    ["bath - air", { absolute: false, difference: true }],
    ["abs(bath - air)", { absolute: false, difference: true }],
    ["air + (bath - air)", { absolute: true }],
    ["max(bath, air)", { absolute: true }],
    ["2 * bath", { absolute: false }],
  ])("on a scale is told from a difference: %s", (text, wanted) => {
    expect(typeOf(text)).toMatchObject({ kind: "quantity", dimension: kelvin, ...wanted });
  });

  it("on a scale isn't added to another one", () => {
    expect(problem("bath + air")).toBe(
      "5: two temperatures on a scale can't be added; write the difference in K",
    );
    expect(problem("1 K + bath + 5 degC")).toContain("11: two temperatures on a scale");
  });

  it("is compared with its like", () => {
    expect(problem("bath < 40 degC")).toBe("a condition");
    expect(problem("bath < 310 K")).toBe("a condition");
    expect(problem("bath - air < 5 K")).toBe("a condition");
    expect(problem("bath - air < 5 degC")).toMatch(/^11: one side of "<" is a difference of temperatures/);
    expect(problem("bath >= bath - air")).toMatch(/^5: one side of ">=" is a difference of temperatures/);
  });

  it.each(["bath > 0", "0 < bath", "max(bath, 0)", "done ? 0 : bath", "bath + 0"])(
    "on a scale isn't a bare 0: %s",
    (text) => {
      expect(problem(text)).toMatch(/: a bare 0 is no temperature on a scale; write "0 degC" or "0 K"$/);
      expect(problem(text.replace("0", "0 K"))).not.toContain("bare 0");
    },
  );

  it("that is a difference may be compared with a bare 0", () => {
    expect(problem("bath - air > 0")).toBe("a condition");
  });
});
