import { describe, expect, it } from "vitest";
import { parseQuantity } from "./quantity-text.ts";

const UNITS = { g: "g", kg: "kg", MM: "mL/min" };

describe("a number with its unit behind it", () => {
  it("is brought into the wanted unit", () => {
    expect(parseQuantity(" 12.50 g", UNITS, "g")).toBe(12.5);
    expect(parseQuantity("0.25 kg", UNITS, "g")).toBeCloseTo(250, 9);
    expect(parseQuantity("1.000MM", UNITS, "mL/min")).toBe(1);
    expect(parseQuantity("-1.5E-2g", UNITS, "g")).toBe(-0.015);
  });

  it.each(["12,5 g", "12.5", "g", "", "12.5 lb", "1 2 g", "12.5 constructor"])(
    "is none when number or unit can't be read: %j",
    (text) => {
      expect(parseQuantity(text, UNITS, "g")).toBeUndefined();
    },
  );
});
