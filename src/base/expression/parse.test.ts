import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { evaluate } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import { parseExpression } from "./parse.ts";

function parsed(text: string): Expression {
  const found = parseExpression(text);
  if (found.kind === "problem") throw new Error(`${text}: ${found.message} at ${found.at}`);
  return found.expression;
}

/** An expression with all its parentheses, to compare how it was read. */
function shape(node: Expression): string {
  switch (node.kind) {
    case "number":
      return node.unit.symbol === "1" ? String(node.value) : `${node.value} ${node.unit.symbol}`;
    case "text":
      return `"${node.value}"`;
    case "name":
      return node.name;
    case "negate":
      return `(-${shape(node.of)})`;
    case "not":
      return `(not ${shape(node.of)})`;
    case "binary":
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`;
    case "choose":
      return `(${shape(node.condition)} ? ${shape(node.whenTrue)} : ${shape(node.whenFalse)})`;
    case "call":
      return `${node.name}(${node.of.map(shape).join(", ")})`;
  }
}

function problem(text: string): string {
  const found = parseExpression(text);
  return found.kind === "problem" ? `${found.at}: ${found.message}` : `read as ${shape(found.expression)}`;
}

describe("an operator", () => {
  it.each([
    ["-A^2", "(-(A ^ 2))"],
    ["2^3^2", "(2 ^ (3 ^ 2))"],
    ["2^-3^2", "(2 ^ (-(3 ^ 2)))"],
    ["-a*b", "((-a) * b)"],
    ["a*-b", "(a * (-b))"],
    ["a - -b", "(a - (-b))"],
    ["+a", "a"],
    ["a-b-c", "((a - b) - c)"],
    ["a/b/c", "((a / b) / c)"],
    ["a/b*c", "((a / b) * c)"],
    ["a+b*c^d", "(a + (b * (c ^ d)))"],
    ["(a+b)*c", "((a + b) * c)"],
    ["a+b < c*d", "((a + b) < (c * d))"],
    ["a < b == c >= d", "((a < b) == (c >= d))"],
    ["a != b <= c", "(a != (b <= c))"],
    ["a == b > c", "(a == (b > c))"],
    ["a < b and c < d or e != f", "(((a < b) and (c < d)) or (e != f))"],
    ["a < b or c < d and e < f", "((a < b) or ((c < d) and (e < f)))"],
    ["not (a < b) and c > d", "((not (a < b)) and (c > d))"],
    ["a < b && !(c < d) || e < f", "(((a < b) and (not (c < d))) or (e < f))"],
    ["a < b ? c + 1 : d", "((a < b) ? (c + 1) : d)"],
    ["a < b ? c : d < e ? f : g", "((a < b) ? c : ((d < e) ? f : g))"],
    ["a < b ? c < d ? e : f : g", "((a < b) ? ((c < d) ? e : f) : g)"],
  ])("binds in %s as in %s", (text, wanted) => {
    expect(shape(parsed(text))).toBe(wanted);
  });

  it('such as "not" binds tighter than a comparison', () => {
    expect(shape(parsed("not a < b"))).toBe("((not a) < b)");
  });

  const factor = fc.record({
    base: fc.integer({ min: 1, max: 9 }),
    power: fc.integer({ min: 1, max: 3 }),
    divides: fc.boolean(),
  });
  const term = fc.record({ factors: fc.array(factor, { minLength: 1, maxLength: 4 }), minus: fc.boolean() });

  prop.prop([fc.array(term, { minLength: 1, maxLength: 5 }), fc.constantFrom("", " ", "\n\t")])(
    "needs no parentheses in a sum of products of powers",
    (terms, gap) => {
      let text = "0";
      let wanted = 0;
      for (const { factors, minus } of terms) {
        let product = 1;
        text += `${gap}${minus ? "-" : "+"}${gap}1`;
        for (const { base, power, divides } of factors) {
          text += `${gap}${divides ? "/" : "*"}${gap}${base}^${power}`;
          product = divides ? product / base ** power : product * base ** power;
        }
        wanted = minus ? wanted - product : wanted + product;
      }
      expect(evaluate(parsed(text), () => undefined)).toBe(wanted);
    },
  );
});

describe("a number", () => {
  it.each([
    ["3", 3],
    ["3.", 3],
    [".5", 0.5],
    ["1.5e-3", 1.5e-3],
    ["2E+2", 200],
  ])("is written as %s", (text, value) => {
    expect(parsed(text)).toMatchObject({ kind: "number", at: 0, value, unit: { symbol: "1" } });
  });

  it.each([
    ["300 uL", 300, "uL"],
    ["300uL", 300, "uL"],
    ["300 µL", 300, "uL"],
    ["2.5 mL/min", 2.5, "mL/min"],
    ["2.5 mL / min", 2.5, "mL/min"],
    ["2 mol/L/s", 2, "mol/L/s"],
    ["2 N·m", 2, "N·m"],
    ["40 degC", 40, "degC"],
    ["40 °C", 40, "degC"],
    ["5 %", 5, "%"],
    ["3 mm^2", 3, "mm^2"],
    ["3 s^-1", 3, "s^-1"],
    ["0.2 1/s", 0.2, "1/s"],
    ["0.2 /s", 0.2, "1/s"],
    ["2 / uL", 2, "1/uL"],
  ])("has the unit behind it: %s", (text, value, symbol) => {
    expect(parsed(text)).toMatchObject({ kind: "number", at: 0, value, unit: { symbol } });
  });

  it.each([
    ["2 mL/cyan", "(2 mL / cyan)"],
    ["2 / cyan", "(2 / cyan)"],
    ["2 uL*cyan", "(2 uL * cyan)"],
    ["2 and 3", "(2 and 3)"],
    ["300 uL - cyan", "(300 uL - cyan)"],
    ["2 / min(a, b)", "(2 / min(a, b))"],
    ["2 mL/min(a, b)", "(2 mL / min(a, b))"],
    ["2 / min (a, b)", "(2 / min(a, b))"],
    ["(2) / s", "(2 / s)"],
  ])("has a unit that ends before names and operators: %s", (text, wanted) => {
    expect(shape(parsed(text))).toBe(wanted);
  });

  it.each([
    ["2 / s.x", "(2 / s.x)"],
    ["2 / s_x", "(2 / s_x)"],
    ["2 mL/s.x", "(2 mL / s.x)"],
    ["2 mL/s_x", "(2 mL / s_x)"],
  ])("isn't divided by the unit that a name begins with: %s", (text, wanted) => {
    expect(shape(parsed(text))).toBe(wanted);
  });

  it("of degC or degF is negated on its scale", () => {
    expect(parsed("-20 degC")).toMatchObject({ kind: "number", at: 0, value: -20, unit: { symbol: "degC" } });
    expect(shape(parsed("a < -4 degF"))).toBe("(a < -4 degF)");
    expect(shape(parsed("-20 uL"))).toBe("(-20 uL)");
  });
});

describe("a name or a text", () => {
  it("may have parts", () => {
    expect(parsed(" colour.ch410 ")).toEqual({ kind: "name", at: 1, name: "colour.ch410" });
  });

  it("keeps its place", () => {
    expect(parsed("dye == \"old 'one'\"")).toEqual({
      kind: "binary",
      at: 4,
      operator: "==",
      left: { kind: "name", at: 0, name: "dye" },
      right: { kind: "text", at: 7, value: "old 'one'" },
    });
    expect(parsed("'DMF'")).toEqual({ kind: "text", at: 0, value: "DMF" });
  });

  it.each(["constructor", "__proto__", "process", "toString", "globalThis", "order", "android", "nothing"])(
    'such as "%s" is a name like every other',
    (name) => {
      expect(parsed(name)).toEqual({ kind: "name", at: 0, name });
    },
  );
});

describe("a call", () => {
  it("takes one value, or up to 16 for min and max", () => {
    expect(shape(parsed("sqrt((a - b)^2)"))).toBe("sqrt(((a - b) ^ 2))");
    const sixteen = Array.from({ length: 16 }, (_, i) => `a${i}`).join(", ");
    expect(shape(parsed(`max(${sixteen})`))).toBe(`max(${sixteen})`);
    expect(problem(`max(${sixteen}, b)`)).toBe('0: "max" takes 1 to 16 value(s), not 17');
    expect(problem("1 + sqrt(a, b)")).toBe('4: "sqrt" takes 1 value(s), not 2');
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "eval", "Function", "process.exit"])(
    "of %s is refused",
    (name) => {
      expect(problem(`2 + ${name}(1)`)).toContain(`4: "${name}" is no function`);
    },
  );
});

describe("what is wrong", () => {
  it.each([
    ["", "0: the expression is empty"],
    ["  ", "0: the expression is empty"],
    ["a +", "3: the expression ends where a value is expected"],
    ["a + * b", '4: a value is expected before "*"'],
    ["a b", '2: nothing is expected before "b"; is an operator missing?'],
    ["a 2", '2: nothing is expected before "2"; is an operator missing?'],
    ['a "b"', '2: nothing is expected before "b"; is an operator missing?'],
    ["a)", '1: nothing is expected before ")"; is an operator missing?'],
    ["(a", '2: ")" is expected before the end'],
    ["(a b)", '3: ")" is expected before "b"'],
    ["sqrt()", '5: a value is expected before ")"'],
    ["a ? b", '5: ":" is expected before the end'],
    ["a < b ? c", '9: ":" is expected before the end'],
    ["a == 'old", "5: a text begins here and doesn't end"],
    ["a = b", '2: "=" has no meaning in an expression'],
    ["a; b", '1: ";" has no meaning in an expression'],
    ["a[0]", '1: "[" has no meaning in an expression'],
    ["`a`", '0: "`" has no meaning in an expression'],
    ["() => 1", '3: "=" has no meaning in an expression'],
    ["()", '1: a value is expected before ")"'],
    ["300 ull", '4: "ull" is no unit that labloop knows; did you mean "uL"?'],
    ["2 cyan", '2: "cyan" is no unit that labloop knows'],
    ["a + 2x", '5: "x" is no unit that labloop knows'],
    ["sqr(a)", '0: "sqr" is no function; did you mean "sqrt"?'],
    [
      "a + integrate(b)",
      '4: "integrate" is no function; known are sqrt, exp, log, log10, abs, sin, cos, tan, tanh, min, max, round, floor, ceil',
    ],
  ])("in %j is told with its place", (text, told) => {
    expect(problem(text)).toBe(told);
  });

  prop.prop([fc.string({ unit: fc.constantFrom(...Array.from('ab2. ()+-*/^<=?:,!"uL%°;')) })])(
    "has a place within the text, whatever the text is",
    (text) => {
      const found = parseExpression(text);
      if (found.kind === "expression") return;
      expect(found.at).toBeGreaterThanOrEqual(0);
      expect(found.at).toBeLessThanOrEqual(text.length);
    },
  );
});

describe("nesting", () => {
  it("goes 64 levels deep, the expression itself being the first", () => {
    const nested = (levels: number): string => `${"(".repeat(levels)}a${")".repeat(levels)}`;
    expect(shape(parsed(nested(63)))).toBe("a");
    expect(problem(nested(64))).toBe("64: the expression is nested too deeply");
  });

  it.each([
    ["parentheses", "(".repeat(100_000)],
    ["signs", `${"-".repeat(100_000)}a`],
    ["negations", `${"!".repeat(100_000)}a`],
    ["powers", `${"a^".repeat(100_000)}a`],
    ["choices", `${"a<b?a:".repeat(100_000)}a`],
    ["calls", "abs(".repeat(100_000)],
  ])("of 100 000 %s is refused before it uses up the stack", (_, text) => {
    expect(problem(text)).toMatch(/^\d+: the expression is nested too deeply$/);
  });

  it("isn't what makes a text too long", () => {
    expect(problem("a".repeat(5_000_000))).toBe(
      "4194304: the expression is longer than 4194304 characters; name parts of it",
    );
  });

  it("of units is bounded: a chain of them is looked up again with every name", () => {
    expect(parseExpression(`1 m${"/m".repeat(15)}`).kind).toBe("expression");
    expect(problem(`1 m${"/m".repeat(100_000)}`)).toBe("1: a unit is made of more than 16 names");
  });

  it("isn't what a long chain of terms has", () => {
    expect(parseExpression(`${"a+".repeat(100_000)}a`).kind).toBe("expression");
    expect(problem(`max(${"a,".repeat(100_000)}a)`)).toBe('0: "max" takes 1 to 16 value(s), not 100001');
  });
});
