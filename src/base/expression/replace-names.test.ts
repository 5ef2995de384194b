import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { unitOf } from "../unit.ts";
import { evaluate } from "./evaluate.ts";
import { type Expression, namesIn } from "./expression.ts";
import { parseExpression } from "./parse.ts";
import { replaceNames } from "./replace-names.ts";

function parsed(text: string): Expression {
  const found = parseExpression(text);
  if (found.kind === "problem") throw new Error(`${text}: ${found.message} at ${found.at}`);
  return found.expression;
}

const EVERYWHERE = parsed('not (a < b) and dye == "a" ? -max(a, 2 uL) : a^b');

describe("replacing names", () => {
  it("puts an expression in the place of a name wherever it stands", () => {
    const replaced = replaceNames(EVERYWHERE, new Map([["a", parsed("c + d")]]));
    expect(namesIn(replaced)).toEqual(["c", "d", "b", "dye"]);
    expect(evaluate(replaceNames(parsed("a^2"), new Map([["a", parsed("1 + 2")]])), () => undefined)).toBe(9);
  });

  it("keeps the units of a number", () => {
    const number: Expression = { kind: "number", at: 0, value: 20, unit: unitOf("degC") };
    expect(evaluate(replaceNames(parsed("t + 5 K"), new Map([["t", number]])), () => undefined)).toBe(298.15);
  });

  it("leaves texts, functions and other names alone", () => {
    const expression = parsed('max(maximum, "max" == "max" ? 1 : 2)');
    expect(replaceNames(expression, new Map([["max", parsed("7")]]))).toEqual(expression);
  });

  it("takes the whole of a name with parts", () => {
    const replacements = new Map([["target", parsed("7")]]);
    expect(namesIn(replaceNames(parsed("target.ch1 + target"), replacements))).toEqual(["target.ch1"]);
  });

  it("replaces once: what is put in isn't searched", () => {
    const swapped = replaceNames(
      parsed("a - b"),
      new Map([
        ["a", parsed("b")],
        ["b", parsed("a")],
      ]),
    );
    expect(namesIn(swapped)).toEqual(["b", "a"]);
  });

  it("leaves the expression that is given as it is", () => {
    const before = structuredClone(EVERYWHERE);
    replaceNames(EVERYWHERE, new Map([["a", parsed("7")]]));
    expect(EVERYWHERE).toEqual(before);
  });

  it.each(["constructor", "__proto__", "toString"])("finds no replacement for %s by accident", (name) => {
    expect(replaceNames(parsed(name), new Map())).toEqual(parsed(name));
  });

  prop.prop([fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })])(
    "by numbers gives the value that looking the names up gives",
    (a, b) => {
      const expression = parsed("a < b ? -a * abs(b) : min(a, b, 3) - a / 7");
      const number = (value: number): Expression => ({ kind: "number", at: 0, value, unit: unitOf("1") });
      const replaced = replaceNames(
        expression,
        new Map([
          ["a", number(a)],
          ["b", number(b)],
        ]),
      );
      expect(namesIn(replaced)).toEqual([]);
      expect(evaluate(replaced, () => undefined)).toBe(evaluate(expression, (name) => ({ a, b })[name]));
    },
  );
});
