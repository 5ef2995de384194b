import { parseQuantity } from "../../base/quantity.ts";
import { fromSi, sameDimension, tidy, toSi, type Unit } from "../../base/unit.ts";

/**
 * The number that a cell of a table means in a unit: a bare number is in it already, a quantity is converted.
 *
 * @param difference - for standard deviations: 5 degC is a difference of 5 K
 * @returns undefined when the cell holds neither
 */
export function numberIn(cell: string | number, unit: Unit, difference = false): number | undefined {
  if (cell === "") return undefined;
  const bare = Number(cell);
  if (Number.isFinite(bare)) return bare;
  const quantity = parseQuantity(cell);
  if (quantity.kind === "problem" || !sameDimension(quantity.unit.dimension, unit.dimension))
    return undefined;
  if (!Number.isFinite(quantity.value)) return undefined;
  return tidy(
    difference
      ? (quantity.value * quantity.unit.factor) / unit.factor
      : fromSi(toSi(quantity.value, quantity.unit), unit),
  );
}

/** The text of a cell; the export puts an apostrophe before what a spreadsheet would take for a formula. */
export function textOf(cell: string | number): string {
  return String(cell).replace(/^'(?=[=+\-@])/, "");
}
