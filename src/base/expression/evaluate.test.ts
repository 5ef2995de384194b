import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { differentiate, evaluate, evaluateValue, type Lookup, type Value } from "./evaluate.ts";
import { children, type Expression, namesIn } from "./expression.ts";
import { parseExpression } from "./parse.ts";

function parsed(text: string): Expression {
  const found = parseExpression(text);
  if (found.kind === "problem") throw new Error(`${text}: ${found.message} at ${found.at}`);
  return found.expression;
}

const among = (values: Readonly<Record<string, Value>>): Lookup => {
  const known = new Map(Object.entries(values));
  return (name) => known.get(name);
};

const value = (text: string, values: Readonly<Record<string, Value>> = {}): number =>
  evaluate(parsed(text), among(values));

describe("the value of an expression", () => {
  it.each([
    ["-3^2", -9],
    ["2^3^2", 512],
    ["2^-1", 0.5],
    ["7 - 4 - 2", 1],
    ["24 / 4 / 2", 3],
    ["1 < 2", 1],
    ["2 <= 1", 0],
    ["2 > 2", 0],
    ["2 >= 2", 1],
    ["2 == 2", 1],
    ["2 != 2", 0],
    ["not (1 < 2)", 0],
    ["!(2 < 1)", 1],
    ["1 < 2 and 3 < 2", 0],
    ["1 < 2 or 3 < 2", 1],
    ["2 < 1 && 1 < 2", 0],
    ["2 < 1 || 3 < 2", 0],
    ["1 < 2 ? 10 : 20", 10],
    ["2 < 1 ? 10 : 20", 20],
    ["sqrt(9)", 3],
    ["exp(0)", 1],
    ["log(1)", 0],
    ["log10(1000)", 3],
    ["abs(-2)", 2],
    ["sin(0)", 0],
    ["cos(0)", 1],
    ["tan(0)", 0],
    ["tanh(0)", 0],
    ["min(3, 1, 2)", 1],
    ["max(3, 1, 2)", 3],
    ["max(4)", 4],
    ["round(2.5)", 3],
    ["floor(-1.5)", -2],
    ["ceil(1.2)", 2],
  ])("of %s is %d", (text, wanted) => {
    expect(value(text)).toBe(wanted);
  });

  it.each([
    ["300 uL", 300e-9],
    ["1.5 mL/min", 25e-9],
    ["40 degC", 313.15],
    ["-20 degC", 253.15],
    ["14 degF", 263.15],
    ["5 %", 0.05],
    ["30 rpm", 0.5],
    ["3 mm^2", 3e-6],
    ["(3 mm)^2", 9e-6],
    ["2 uM/s", 2e-3],
    ["sin(90 deg)", 1],
    ["4^50 %", 2],
  ])("of %s is in coherent SI units", (text, wanted) => {
    // Three roundings at most: of the literal, of the factor and of their product.
    expect(Math.abs(value(text) / wanted - 1)).toBeLessThan(4 * Number.EPSILON);
  });

  it("reads names", () => {
    expect(value("(colour.ch1 - t)^2", { "colour.ch1": 5, t: 2 })).toBe(9);
  });

  it("with a name that has no value is refused", () => {
    expect(() => value("a + b", { a: 1 })).toThrow(new RangeError('"b" has no value'));
  });

  it.each(["constructor", "__proto__", "process", "toString", "globalThis"])(
    "reads nothing of the program behind the name %s",
    (name) => {
      expect(() => value(name)).toThrow(new RangeError(`"${name}" has no value`));
      expect(value(name, Object.fromEntries([[name, 3]]))).toBe(3);
    },
  );

  it("is not a number where arithmetic has no answer", () => {
    expect(value("log(-1)")).toBeNaN();
    expect(value("sqrt(-1)")).toBeNaN();
    expect(value("0 / 0")).toBeNaN();
    expect(value("(-8)^0.5")).toBeNaN();
    expect(value("max(1, log(-1))")).toBeNaN();
  });

  it("compares texts, and has no arithmetic for them", () => {
    expect(value('dye == "old"', { dye: "old" })).toBe(1);
    expect(value('dye != "old"', { dye: "old" })).toBe(0);
    expect(value('dye == "old"', { dye: 1 })).toBe(0);
    expect(value('dye + 1 < "old"', { dye: "old" })).toBeNaN();
    expect(value("dye", { dye: "old" })).toBeNaN();
  });

  it("may be a text", () => {
    const best = parsed('a < b ? "left" : right');
    expect(evaluateValue(best, among({ a: 1, b: 2, right: "r" }))).toBe("left");
    expect(evaluateValue(best, among({ a: 3, b: 2, right: "r" }))).toBe("r");
  });

  it("needs only the side that is chosen, or that decides", () => {
    expect(value("a < 2 ? a : b", { a: 1 })).toBe(1);
    expect(value("a > 2 and b > 1", { a: 1 })).toBe(0);
    expect(value("a < 2 or b > 1", { a: 1 })).toBe(1);
    expect(() => value("a < 2 and b > 1", { a: 1 })).toThrow('"b" has no value');
  });

  it("that is as long as a file may write it doesn't use up the stack", () => {
    const long = parsed(`${"a+".repeat(1999)}a`);
    expect(evaluate(long, among({ a: 1 }))).toBe(2000);
    expect(differentiate(long, among({ a: 1 }), ["a"]).gradient[0]).toBe(2000);
  });
});

describe("the names of an expression", () => {
  it("stand each once, in the order of the text", () => {
    expect(namesIn(parsed('b < a ? -max(c, a) : not d == "e" ? f.g : b'))).toEqual([
      "b",
      "a",
      "c",
      "d",
      "f.g",
    ]);
    expect(namesIn(parsed("1 + 2"))).toEqual([]);
  });

  it("are those of its parts", () => {
    expect(children(parsed("a < b ? c : d")).map(namesIn)).toEqual([["a", "b"], ["c"], ["d"]]);
    expect(children(parsed("a"))).toEqual([]);
    expect(children(parsed("-a")).map(namesIn)).toEqual([["a"]]);
  });
});

/** f(x, y) with ∂f/∂x and ∂f/∂y. */
function derived(text: string, x: number, y = 0): number[] {
  const { value, gradient } = differentiate(parsed(text), among({ x, y, constant: 3 }), ["x", "y"]);
  return [value, ...gradient];
}

describe("the derivative", () => {
  it.each<[string, number, number, number[]]>([
    ["x", 2, 5, [2, 1, 0]],
    ["7 + constant", 2, 5, [10, 0, 0]],
    ["-x", 2, 5, [-2, -1, -0]],
    ["x - y", 2, 5, [-3, 1, -1]],
    ["x * y", 2, 5, [10, 5, 2]],
    ["x / y", 2, 4, [0.5, 0.25, -0.125]],
    ["x^3", 2, 0, [8, 12, 0]],
    ["x^y", 1, 3, [1, 3, 0]],
    ["(-x)^2", 3, 0, [9, 6, 0]],
    ["sqrt(x)", 4, 0, [2, 0.25, 0]],
    ["exp(2 * x)", 0, 0, [1, 2, 0]],
    ["log(x)", 4, 0, [Math.log(4), 0.25, 0]],
    ["log10(x)", 10, 0, [1, 1 / (10 * Math.LN10), 0]],
    ["abs(x)", -3, 0, [3, -1, 0]],
    ["sin(x)", 0, 0, [0, 1, 0]],
    ["cos(x)", 0, 0, [1, -0, 0]],
    ["tan(x)", 0, 0, [0, 1, 0]],
    ["tanh(x)", 0, 0, [0, 1, 0]],
    ["round(x)", 1.2, 0, [1, 0, 0]],
    ["floor(x)", 1.2, 0, [1, 0, 0]],
    ["ceil(x)", 1.2, 0, [2, 0, 0]],
    ["min(x, 2 * y)", 5, 2, [4, 0, 2]],
    ["max(x, 2 * y)", 5, 2, [5, 1, 0]],
    ["x < y ? x^2 : y", 3, 5, [9, 6, 0]],
    ["x < y ? x^2 : y", 6, 5, [5, 0, 1]],
    ["x < y", 3, 5, [1, 0, 0]],
    ["(x < y and not (x == y)) * x", 3, 5, [3, 1, 0]],
  ])("of %s at (%d, %d) is the one that is worked out by hand", (text, x, y, wanted) => {
    // Adding 0 takes the sign off a 0.
    expect(derived(text, x, y).map((each) => each + 0)).toEqual(wanted.map((each) => each + 0));
  });

  it("is 0 where a constant stands still, however steep the function is there", () => {
    expect(derived("sqrt(constant - 3) + x", 1)).toEqual([1, 1, 0]);
    expect(derived("(constant - 3)^0.5 + x", 1)).toEqual([1, 1, 0]);
  });

  it("of a power of 0 is its limit", () => {
    expect(derived("x^0", 0)).toEqual([1, 0, 0]);
    expect(derived("x^2", 0)).toEqual([0, 0, 0]);
    // Hill's law without ligand: no exponent changes anything.
    expect(derived("x^y / (2^y + x^y)", 0, 2)).toEqual([0, 0, 0]);
  });

  it("of the least or greatest of values that aren't all numbers is that of no number", () => {
    expect(derived("max(x, log(-1))", 1)[0]).toBeNaN();
    expect(derived("min(x, log(-1))", 1)[0]).toBeNaN();
  });

  it("follows the order of the names that are asked for", () => {
    const { gradient } = differentiate(parsed("2 * x + 3 * y"), among({ x: 1, y: 1, z: 1 }), ["z", "y", "x"]);
    expect([...gradient]).toEqual([0, 3, 2]);
  });

  it("with a name that has no value is refused", () => {
    expect(() => differentiate(parsed("x * y"), among({ x: 1 }), ["x"])).toThrow('"y" has no value');
  });

  /** Smooth everywhere, and without poles. */
  const { smooth } = fc.letrec<{ smooth: string; leaf: string }>((tie) => ({
    leaf: fc.oneof(
      fc.constantFrom("x", "y"),
      fc.integer({ min: -20, max: 20 }).map((n) => `(${n / 10})`),
    ),
    smooth: fc.oneof(
      { maxDepth: 3, depthSize: "max" },
      tie("leaf"),
      fc
        .tuple(tie("smooth"), fc.constantFrom("+", "-", "*"), tie("smooth"))
        .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
      fc.tuple(tie("smooth"), tie("smooth")).map(([a, b]) => `(${a} / (1 + ${b}^2))`),
      fc.tuple(tie("smooth"), tie("smooth")).map(([a, b]) => `((1 + ${a}^2)^tanh(${b}))`),
      fc
        .tuple(
          fc.constantFrom(
            "-@",
            "@^3",
            "sin(@)",
            "cos(@)",
            "tanh(@)",
            "tan(tanh(@))",
            "exp(tanh(@))",
            "sqrt(1 + @^2)",
            "log(1 + @^2)",
            "log10(2 + cos(@))",
          ),
          tie("smooth"),
        )
        .map(([of, a]) => `(${of.replace("@", a)})`),
    ),
  }));
  const place = fc.integer({ min: -120, max: 120 }).map((n) => n / 100);

  prop.prop([smooth, place, place])("agrees with central differences", (text, x, y) => {
    const expression = parsed(text);
    const at = (dx: number, dy: number): number => evaluate(expression, among({ x: x + dx, y: y + dy }));
    const { value, gradient } = differentiate(expression, among({ x, y }), ["x", "y"]);
    expect(value).toBe(at(0, 0));
    const h = 1e-4;
    for (const [i, [dx, dy]] of [[h, 0] as const, [0, h] as const].entries()) {
      const near = (at(dx, dy) - at(-dx, -dy)) / (2 * h);
      const far = (at(2 * dx, 2 * dy) - at(-2 * dx, -2 * dy)) / (4 * h);
      // The near difference errs by a third of its distance to the far one (h² against 4h²); the rest is
      // rounding, some 1e-16/h = 1e-12 of the greatest value on the way, which stays below 1e4.
      const tolerance = Math.abs(near - far) + 1e-8 * (1 + Math.abs(near) + Math.abs(value));
      expect(Math.abs((gradient[i] as number) - near)).toBeLessThanOrEqual(tolerance);
    }
  });
});
