import { describe, expect, test } from "vitest";
import { expression } from "../../../test/support/space.ts";
import { linearForm, linearPart } from "./linear-form.ts";

describe("a linear form", () => {
  test.each([
    ["2 * a - b / 4 + 3", { constant: 3, a: 2, b: -0.25 }],
    ["-(a + a) * sqrt(4)", { constant: -0, a: -4 }],
    ["a + 300 uL", { constant: 3e-7, a: 1 }],
    ["(a - b) * (1 + 1) - a", { constant: 0, a: 1, b: -2 }],
  ])("is read from %s", (text, { constant, ...coefficients }) => {
    const form = linearForm(expression(text));
    expect(form?.constant).toBeCloseTo(constant, 12);
    expect(Object.fromEntries(form?.coefficients ?? [])).toEqual(coefficients);
  });

  test.each(["a * b", "a / b", "a ^ 2", "abs(a)", "a / 0", "a > 1 ? a : b"])(
    "is not read from %s",
    (text) => {
      expect(linearForm(expression(text))).toBeUndefined();
    },
  );
});

describe("the linear part of a condition", () => {
  test.each([
    ["a <= b", 1, true],
    ["a > 2 and b == 3", 2, true],
    ["a > 2 and a * b < 3", 1, false],
    ["a > 2 or b > 3", 0, false],
    ['c == "x"', 0, false],
  ])("of %s", (text, count, whole) => {
    const part = linearPart(expression(text));
    expect(part.conditions).toHaveLength(count);
    expect(part.whole).toBe(whole);
  });
});
