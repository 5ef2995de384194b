import { checkDimensions, describeType, type ExpressionType } from "../../base/expression/dimension.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { parseExpression } from "../../base/expression/parse.ts";
import { nearestName } from "../../base/fault.ts";
import { parseQuantity } from "../../base/quantity.ts";
import {
  type Dimension,
  describeDimension,
  sameDimension,
  toSi,
  type Unit,
  unitOf,
} from "../../base/unit.ts";
import type { Path } from "../file/source-file.ts";
import type { FaultCollector } from "./faults.ts";

/** Types of the names that an expression may use. */
export type Scope = ReadonlyMap<string, ExpressionType>;

/** What an expression has to give. */
export type Wanted =
  | { readonly kind: "dimension"; readonly dimension: Dimension }
  | { readonly kind: "condition" }
  | { readonly kind: "text" }
  | { readonly kind: "anything" };

/** A quantity in a file. */
export interface FileQuantity {
  readonly value: number;
  readonly unit: Unit;
}

/** Reads a quantity; undefined, and a fault, when it is none. */
export function readQuantity(
  faults: FaultCollector,
  path: Path,
  written: string | number,
): FileQuantity | undefined {
  const parsed = parseQuantity(written);
  if (parsed.kind === "quantity") return parsed;
  faults.add("campaign.bad-quantity", path, parsed.message);
  return undefined;
}

/**
 * Reads a quantity of a dimension.
 *
 * @param difference - for tolerances and noise: 5 degC is a difference of 5 K
 * @returns the value in coherent SI units
 */
export function readSi(
  faults: FaultCollector,
  path: Path,
  written: string | number,
  dimension: Dimension,
  difference = false,
): number | undefined {
  const quantity = readQuantity(faults, path, written);
  if (quantity === undefined) return undefined;
  if (!sameDimension(quantity.unit.dimension, dimension)) {
    faults.add(
      "campaign.wrong-unit",
      path,
      `"${written}" is ${describeDimension(quantity.unit.dimension)}, but ${describeDimension(dimension)} is expected here`,
      "write the value with a unit of the right kind",
    );
    return undefined;
  }
  return difference ? quantity.value * quantity.unit.factor : toSi(quantity.value, quantity.unit);
}

/** Reads a quantity and gives its number in a unit. */
export function readIn(
  faults: FaultCollector,
  path: Path,
  written: string | number,
  unit: Unit,
  difference = false,
): number | undefined {
  const si = readSi(faults, path, written, unit.dimension, difference);
  if (si === undefined) return undefined;
  const value = difference ? si / unit.factor : (si - unit.offset) / unit.factor;
  return Number(value.toPrecision(12));
}

/** Reads an expression and checks its names and dimensions; undefined, and a fault, when it doesn't fit. */
export function readExpression(
  faults: FaultCollector,
  path: Path,
  written: string | number,
  scope: Scope,
  wanted: Wanted,
): { expression: Expression; type: ExpressionType } | undefined {
  const parsed =
    typeof written === "number"
      ? ({
          kind: "expression",
          expression: { kind: "number", at: 0, value: written, unit: unitOf("1") },
        } as const)
      : parseExpression(written);
  if (parsed.kind === "problem") {
    faults.add("campaign.bad-expression", path, `"${written}": ${parsed.message}`, undefined, parsed.at);
    return undefined;
  }
  const checked = checkDimensions(
    parsed.expression,
    (name) => scope.get(name),
    (name) => {
      const near = nearestName(name, scope.keys());
      return `"${name}" is not known here${near === undefined ? "" : `; did you mean "${near}"?`}`;
    },
  );
  if (checked.kind === "problem") {
    faults.add("campaign.bad-expression", path, `"${written}": ${checked.message}`, undefined, checked.at);
    return undefined;
  }
  if (!fits(checked.type, wanted)) {
    faults.add(
      "campaign.wrong-unit",
      path,
      `"${written}" is ${describeType(checked.type)}, but ${describeWanted(wanted)} is expected here`,
      "write the value with a unit of the right kind",
    );
    return undefined;
  }
  return { expression: parsed.expression, type: checked.type };
}

function fits(type: ExpressionType, wanted: Wanted): boolean {
  switch (wanted.kind) {
    case "anything":
      return true;
    case "condition":
    case "text":
      return type.kind === wanted.kind;
    case "dimension":
      return (
        type.kind === "quantity" && (type.zero === true || sameDimension(type.dimension, wanted.dimension))
      );
  }
}

function describeWanted(wanted: Wanted): string {
  switch (wanted.kind) {
    case "dimension":
      return describeDimension(wanted.dimension);
    case "condition":
      return "a condition";
    default:
      return "a text";
  }
}
