import {
  type Dimension,
  fromSi,
  isUnitProblem,
  parseUnit,
  sameDimension,
  tidy,
  toSi,
  type Unit,
  unitOf,
} from "./unit.ts";

/** A number with its unit, as files, programs and people exchange it. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/** A quantity read from text, or why it is none. */
export type ParsedQuantity =
  | { readonly kind: "quantity"; readonly value: number; readonly unit: Unit }
  | { readonly kind: "problem"; readonly message: string };

/** Characters; no number with its unit comes near. */
const LONGEST = 256;

/**
 * Reads "300 uL", "2.5 mL/min", "40 degC", "5 %" or a bare number.
 */
export function parseQuantity(text: string | number): ParsedQuantity {
  if (typeof text === "number") return { kind: "quantity", value: text, unit: unitOf("1") };
  if (text.length > LONGEST)
    return { kind: "problem", message: `a text of ${text.length} characters is no quantity` };
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*$/.exec(text);
  if (match === null) {
    return {
      kind: "problem",
      message: `"${text}" is no quantity; write a number and a unit, such as "300 uL"`,
    };
  }
  const unit = parseUnit(match[2] as string);
  if (isUnitProblem(unit)) {
    const hint = unit.nearest === undefined ? "" : `; did you mean "${unit.nearest}"?`;
    return { kind: "problem", message: `"${unit.symbol}" is no unit that labloop knows${hint}` };
  }
  return { kind: "quantity", value: Number(match[1]), unit };
}

/**
 * Converts between scales of one dimension; 20 degC becomes 68 degF.
 *
 * @throws RangeError when the dimensions differ
 */
export function convert(quantity: Quantity, unit: string): number {
  const from = unitOf(quantity.unit);
  const to = unitOf(unit);
  if (from === to || from.symbol === to.symbol) return quantity.value;
  requireDimension(from, to.dimension, quantity);
  return tidy(fromSi(toSi(quantity.value, from), to));
}

/**
 * Converts a difference, a tolerance or a rate: 5 degC becomes 9 degF.
 *
 * @throws RangeError when the dimensions differ
 */
export function convertDifference(quantity: Quantity, unit: string): number {
  const from = unitOf(quantity.unit);
  const to = unitOf(unit);
  requireDimension(from, to.dimension, quantity);
  return tidy((quantity.value * from.factor) / to.factor);
}

function requireDimension(from: Unit, to: Dimension, quantity: Quantity): void {
  if (!sameDimension(from.dimension, to)) {
    throw new RangeError(`${formatQuantity(quantity)} has another dimension than the unit that is asked for`);
  }
}

/** A quantity as people write it: "300 uL", and a bare number for the unit 1. */
export function formatQuantity(quantity: Quantity): string {
  const value = String(tidy(quantity.value));
  return quantity.unit === "1" || quantity.unit === "" ? value : `${value} ${quantity.unit}`;
}
