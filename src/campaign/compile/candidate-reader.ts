import { formatQuantity } from "../../base/quantity.ts";
import { unitOf } from "../../base/unit.ts";
import { isMakeable } from "../../experiment/space/makeable.ts";
import { restingValue } from "../../experiment/space/settle.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import { numberIn, textOf } from "../file/cell-value.ts";

/** A value of a cell, or what is wrong with it and what to do. */
export type CellReading =
  | { readonly kind: "value"; readonly value: number | string }
  | { readonly kind: "problem"; readonly message: string; readonly advice: string };

/** How the column of a parameter is read. */
export interface ColumnReader {
  readonly name: string;
  /** The value that a cell means, whether or not it is allowed. */
  read(cell: string | number): CellReading;
  /** What is wrong with a value. */
  problemOf(value: number | string): { readonly message: string; readonly advice: string } | undefined;
}

/** Choices that a message lists. */
const LISTED = 12;

/**
 * How cells of a parameter are read.
 *
 * @param mayBeAbsent - whether 0 is allowed below the minimum, as for a part of a mixture of few parts
 */
export function columnReader(parameter: Parameter, mayBeAbsent: boolean): ColumnReader {
  return parameter.kind === "categorical" ? choiceReader(parameter) : numberReader(parameter, mayBeAbsent);
}

function choiceReader(parameter: Extract<Parameter, { kind: "categorical" }>): ColumnReader {
  const { name, choices } = parameter;
  const known = new Set(choices);
  const listed = choices.slice(0, LISTED).join(", ") + (choices.length > LISTED ? ", …" : "");
  return {
    name,
    read: (cell) =>
      cell === "" && parameter.when !== undefined
        ? { kind: "value", value: restingValue(parameter) }
        : { kind: "value", value: textOf(cell) },
    problemOf: (value) => {
      if (known.has(String(value))) return undefined;
      const message = value === "" ? `"${name}" is empty` : `"${value}" is no choice of "${name}"`;
      return { message, advice: `its choices: ${listed}` };
    },
  };
}

function numberReader(
  parameter: Exclude<Parameter, { kind: "categorical" }>,
  mayBeAbsent: boolean,
): ColumnReader {
  const { name, unit: symbol } = parameter;
  const unit = unitOf(symbol);
  return {
    name,
    read: (cell) => {
      if (cell === "" && parameter.kind === "constant") return { kind: "value", value: parameter.value };
      if (cell === "" && parameter.kind !== "constant" && parameter.when !== undefined)
        return { kind: "value", value: restingValue(parameter) };
      const value = numberIn(typeof cell === "string" ? textOf(cell) : cell, unit);
      if (value !== undefined) return { kind: "value", value };
      return {
        kind: "problem",
        message: cell === "" ? `"${name}" is empty` : `"${cell}" is no value for "${name}"`,
        advice: `write a number${symbol === "1" ? "" : ` in ${symbol}, or with a unit`}`,
      };
    },
    problemOf: (value) => {
      if (isMakeable(parameter, value) || (mayBeAbsent && value === 0)) return undefined;
      const shown = formatQuantity({ value: Number(value), unit: symbol });
      return {
        message: `"${name}" is ${shown}, but ${rangeOf(parameter)}`,
        advice: "correct it, or take the row out",
      };
    },
  };
}

function rangeOf(parameter: Exclude<Parameter, { kind: "categorical" }>): string {
  const show = (value: number): string => formatQuantity({ value, unit: parameter.unit });
  switch (parameter.kind) {
    case "constant":
      return `it is the constant ${show(parameter.value)}`;
    case "ordinal":
      return `its levels are ${parameter.levels.map(show).join(", ")}`;
    case "stepped":
      return `it goes from ${show(parameter.minimum)} to ${show(parameter.maximum)} in steps of ${show(parameter.step)}`;
    case "integer":
      return `it is a whole number from ${show(parameter.minimum)} to ${show(parameter.maximum)}`;
    case "continuous":
      return `it goes from ${show(parameter.minimum)} to ${show(parameter.maximum)}`;
  }
}
