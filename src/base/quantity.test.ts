import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { convert, convertDifference, formatQuantity, parseQuantity } from "./quantity.ts";
import { unitOf } from "./unit.ts";

/** Decimal numbers; far from the least ones, which lose digits. */
const number = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -12, max: 3 }))
  .map(([digits, power]) => Number(`${digits}e${power}`));

describe("a quantity", () => {
  it.each([
    ["300 uL", 300, "uL"],
    ["300uL", 300, "uL"],
    ["  300   µL  ", 300, "uL"],
    ["2.5 mL/min", 2.5, "mL/min"],
    ["-20 degC", -20, "degC"],
    ["+.5 %", 0.5, "%"],
    ["1.5e-3 M", 1.5e-3, "M"],
    ["3.", 3, "1"],
    ["3 mm²", 3, "mm^2"],
    ["0.2 1/s", 0.2, "1/s"],
  ])("is read from %j", (text, value, symbol) => {
    expect(parseQuantity(text)).toMatchObject({ kind: "quantity", value, unit: { symbol } });
  });

  it("may be a bare number", () => {
    expect(parseQuantity(2.5)).toEqual({ kind: "quantity", value: 2.5, unit: unitOf("1") });
  });

  it.each([
    ["uL", '"uL" is no quantity; write a number and a unit, such as "300 uL"'],
    ["", '"" is no quantity; write a number and a unit, such as "300 uL"'],
    ["Infinity", '"Infinity" is no quantity; write a number and a unit, such as "300 uL"'],
    ["- 3 uL", '"- 3 uL" is no quantity; write a number and a unit, such as "300 uL"'],
    ["300 ull", '"ull" is no unit that labloop knows; did you mean "uL"?'],
    ["300 parsec", '"parsec" is no unit that labloop knows'],
    ["0x10", '"x10" is no unit that labloop knows'],
    ["3 uL + 2 uL", '"uL + 2 uL" is no unit that labloop knows'],
    ["1,5 mL", '",5 mL" is no unit that labloop knows'],
  ])("isn't read from %j", (text, message) => {
    expect(parseQuantity(text)).toEqual({ kind: "problem", message });
  });

  it.each([
    [{ value: 300, unit: "uL" }, "300 uL"],
    [{ value: 0.1 + 0.2, unit: "mL" }, "0.3 mL"],
    [{ value: 5, unit: "1" }, "5"],
    [{ value: 5, unit: "" }, "5"],
  ])("is written as people do: %j", (quantity, text) => {
    expect(formatQuantity(quantity)).toBe(text);
  });

  prop.prop([number, fc.constantFrom("uL", "degC", "1")])("that is written is read again", (value, unit) => {
    expect(parseQuantity(formatQuantity({ value, unit }))).toEqual({
      kind: "quantity",
      value,
      unit: unitOf(unit),
    });
  });
});

describe("a conversion", () => {
  it.each([
    [25, "degC", 298.15, "K"],
    [20, "degC", 68, "degF"],
    [-40, "degC", -40, "degF"],
    [98.6, "degF", 37, "degC"],
    [0, "K", -273.15, "degC"],
    [1.5, "mL/min", 25, "uL/s"],
    [300, "rpm", 5, "Hz"],
    [12.5, "%", 0.125, "1"],
    [850, "mAU", 0.85, "AU"],
    [7.4, "pH", 7.4, "1"],
    [0.25, "M", 250_000, "uM"],
    [1, "mol/L", 1, "M"],
    [1, "mM", 1, "mol/m3"],
    [1, "h", 3_600_000, "ms"],
    [1, "d", 1440, "min"],
    [1, "bar", 100, "kPa"],
    [1, "mL", 1, "cm^3"],
    [2, "kOhm", 2000, "V/A"],
    [3, "W", 180, "J/min"],
    [1, "ug/mL", 1, "mg/L"],
  ])("of %d %s gives exactly %d %s", (value, unit, wanted, other) => {
    expect(convert({ value, unit }, other)).toBe(wanted);
    expect(convert({ value: wanted, unit: other }, unit)).toBe(value);
  });

  it("to the same unit keeps every digit", () => {
    const value = 1 / 3;
    expect(convert({ value, unit: "uL" }, "uL")).toBe(value);
    expect(convert({ value, unit: "mL/min" }, "mL/min")).toBe(value);
    expect(convert({ value, unit: "µL" }, "uL")).toBe(value);
  });

  it.each([
    [5, "degC", 9, "degF"],
    [5, "degC", 5, "K"],
    [9, "degF", 5, "K"],
    [1.5, "mL/min", 25, "uL/s"],
    [3, "degC/min", 0.05, "K/s"],
  ])("of a difference of %d %s gives %d %s", (value, unit, wanted, other) => {
    expect(convertDifference({ value, unit }, other)).toBe(wanted);
    expect(convertDifference({ value: wanted, unit: other }, unit)).toBe(value);
  });

  it.each([
    ["uL", "s"],
    ["mL/min", "mL"],
    ["degC", "mL"],
    ["rpm", "s"],
    ["M", "mol"],
    ["%", "uL"],
  ])("from %s to %s is refused", (unit, other) => {
    const message = `3 ${unit} has another dimension than the unit that is asked for`;
    expect(() => convert({ value: 3, unit }, other)).toThrow(new RangeError(message));
    expect(() => convertDifference({ value: 3, unit }, other)).toThrow(new RangeError(message));
  });

  it("from or to what is no unit is refused", () => {
    expect(() => convert({ value: 3, unit: "parsec" }, "m")).toThrow('"parsec" is no unit');
    expect(() => convert({ value: 3, unit: "m" }, "parsec")).toThrow('"parsec" is no unit');
  });

  const kinds = [
    ["1", "%", "ppm", "mAU"],
    ["m", "km", "nm"],
    ["m3", "L", "uL", "nL", "cm^3"],
    ["s", "us", "h", "d"],
    ["Hz", "rpm", "1/h", "MHz"],
    ["K", "mK", "degC", "degF"],
    ["M", "nM", "mol/m3", "umol/uL"],
    ["Pa", "psi", "bar", "N/m^2"],
    ["mL/min", "uL/s", "L/h"],
  ];
  const pair = fc
    .constantFrom(...kinds)
    .chain((kind) => fc.tuple(fc.constantFrom(...kind), fc.constantFrom(...kind)));

  prop.prop([pair, number])("is undone by its reverse", ([a, b], value) => {
    const back = convert({ value: convert({ value, unit: a }, b), unit: b }, a);
    const [from, to] = [unitOf(a), unitOf(b)];
    // Each way rounds to 12 digits, an error of at most 5e-12 of the number on its scale, whose zero may lie
    // elsewhere; a tenth more covers the roundings of the arithmetic.
    const size = Math.abs(value) + (Math.abs(from.offset) + Math.abs(to.offset)) / from.factor;
    expect(Math.abs(back - value)).toBeLessThanOrEqual(1.1e-11 * size);
  });
});
