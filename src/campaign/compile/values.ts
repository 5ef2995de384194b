import { checkDimensions, describeType, type ExpressionType } from "../../base/expression/dimension.ts";
import { children, type Expression } from "../../base/expression/expression.ts";
import { parseExpression } from "../../base/expression/parse.ts";
import { nearestName } from "../../base/fault.ts";
import { parseQuantity } from "../../base/quantity.ts";
import {
  DIMENSIONLESS,
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
  | {
      readonly kind: "dimension";
      readonly dimension: Dimension;
      /** The unit that the value is wanted in, where it matters whether its scale has a zero of its own. */
      readonly unit?: Unit;
    }
  | { readonly kind: "condition" }
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
  if (parsed.kind === "problem") {
    faults.add("campaign.bad-quantity", path, parsed.message, "write a number and a unit");
    return undefined;
  }
  if (Number.isFinite(parsed.value)) return parsed;
  faults.add("campaign.bad-quantity", path, `"${written}" is too large a number`, "write a smaller one");
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
      rightUnit(dimension),
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

const HOW_TO_WRITE = "docs/reference/campaign-file.md tells how expressions are written";

/** Characters; a longer expression is a mistake, or belongs into parts. */
const LONGEST = 4000;

/** Reads an expression and checks its names and dimensions; undefined, and a fault, when it doesn't fit. */
export function readExpression(
  faults: FaultCollector,
  path: Path,
  written: string | number,
  scope: Scope,
  wanted: Wanted,
): { expression: Expression; type: ExpressionType } | undefined {
  const bad = (message: string, at: number, advice = HOW_TO_WRITE): undefined => {
    faults.add("campaign.bad-expression", path, message, advice, at);
  };
  const expression = parse(written, bad);
  if (expression === undefined) return undefined;
  const unknown = namesOf(expression).filter(({ name }) => !scope.has(name));
  if (unknown.some(({ name }) => faults.isGivenUp(name))) return undefined;
  for (const { name, at } of unknown) {
    bad(`${inExpression(written, name)}"${name}" is not known here`, at, suggestName(name, scope));
  }
  if (unknown.length > 0) return undefined;
  const misread = findMisread(expression, scope);
  if (misread !== undefined) return bad(misread.message, misread.at, misread.advice);
  const checked = checkDimensions(
    expression,
    (name) => scope.get(name),
    (name) => `"${name}" is not known here`,
  );
  if (checked.kind === "problem") return bad(`${quote(written)}: ${checked.message}`, checked.at);
  const misfit = misfitOf(checked.type, wanted);
  if (misfit !== undefined) {
    faults.add("campaign.wrong-unit", path, `${quote(written)} is ${misfit.message}`, misfit.advice);
    return undefined;
  }
  return { expression, type: checked.type };
}

function parse(
  written: string | number,
  bad: (message: string, at: number, advice?: string) => undefined,
): Expression | undefined {
  if (typeof written === "number") return { kind: "number", at: 0, value: written, unit: unitOf("1") };
  if (written.length > LONGEST)
    return bad(
      `an expression has at most ${LONGEST} characters, but this one has ${written.length}`,
      0,
      "take it apart: a step `compute:` gives names to its parts",
    );
  const parsed = parseExpression(written);
  if (parsed.kind === "expression") return parsed.expression;
  return bad(`${quote(written)}: ${parsed.message}`, parsed.at);
}

/** The names that an expression reads, each with its first place in the text. */
export function namesOf(expression: Expression): { name: string; at: number }[] {
  const found = new Map<string, number>();
  for (const node of nodesOf(expression))
    if (node.kind === "name" && !found.has(node.name)) found.set(node.name, node.at);
  return [...found].map(([name, at]) => ({ name, at }));
}

function* nodesOf(expression: Expression): Generator<Expression> {
  const open = [expression];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    open.push(...[...children(node)].reverse());
  }
}

interface Misread {
  readonly message: string;
  readonly at: number;
  readonly advice?: string;
}

/** What can be read, but hardly as it was meant. */
function findMisread(expression: Expression, scope: Scope): Misread | undefined {
  for (const node of nodesOf(expression)) {
    const misread =
      node.kind === "number"
        ? unitOrName(node.value, node.unit, node.at, scope)
        : node.kind === "binary"
          ? unknownChoice(node, scope)
          : undefined;
    if (misread !== undefined) return misread;
  }
  return undefined;
}

/** In "2 / s" the unit is read, also where "s" is a parameter. */
function unitOrName(value: number, unit: Unit, at: number, scope: Scope): Misread | undefined {
  if (!Number.isFinite(value))
    return { message: "this number is too large", at, advice: "write a smaller one" };
  const [, name] = /^1\/(\w+)$/.exec(unit.symbol) ?? [];
  if (name === undefined || !scope.has(name)) return undefined;
  return {
    message: `"${value} / ${name}" could mean the unit 1/${name} or a division by the value "${name}"`,
    at,
    advice: `write "(${value}) / ${name}" for the division, or rename "${name}"`,
  };
}

/** A text that a name is compared with, but that is none of its choices. */
function unknownChoice(
  { left, right }: Extract<Expression, { kind: "binary" }>,
  scope: Scope,
): Misread | undefined {
  const [name, text] = left.kind === "name" ? [left, right] : [right, left];
  if (name.kind !== "name" || text.kind !== "text") return undefined;
  const type = scope.get(name.name);
  if (type?.kind !== "text" || type.choices === undefined || type.choices.includes(text.value))
    return undefined;
  const near = nearestName(text.value, type.choices);
  return {
    message: `"${text.value}" is no choice of "${name.name}"`,
    at: text.at,
    advice: near === undefined ? `its choices: ${type.choices.join(", ")}` : `did you mean "${near}"?`,
  };
}

/** Names listed at most where no near one is found. */
const MOST_NAMES = 12;

function suggestName(name: string, scope: Scope): string {
  const near = nearestName(name, scope.keys());
  if (near !== undefined) return `did you mean "${near}"?`;
  const known = [...scope.keys()];
  const more = known.length > MOST_NAMES ? ", …" : "";
  return known.length === 0
    ? "nothing is known here"
    : `known are: ${known.slice(0, MOST_NAMES).join(", ")}${more}`;
}

/** Characters of an expression that a message repeats. */
const QUOTED = 60;

function quote(written: string | number): string {
  const text = String(written).replace(/\s+/g, " ").trim();
  return `"${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}"`;
}

function inExpression(written: string | number, name: string): string {
  return String(written).trim() === name ? "" : `${quote(written)}: `;
}

function misfitOf(type: ExpressionType, wanted: Wanted): { message: string; advice: string } | undefined {
  switch (wanted.kind) {
    case "anything":
      return undefined;
    case "condition":
      if (type.kind === "condition") return undefined;
      return {
        message: `${describeType(type)}, but a condition is expected here`,
        advice: 'write a condition, such as "a <= b"',
      };
    case "dimension": {
      const { dimension, unit } = wanted;
      if (type.kind !== "quantity" || !(type.zero === true || sameDimension(type.dimension, dimension)))
        return {
          message: `${describeType(type)}, but ${describeDimension(dimension)} is expected here`,
          advice: rightUnit(dimension),
        };
      if (type.difference !== true || unit === undefined || unit.offset === 0) return undefined;
      return {
        message: `a difference of temperatures, but a temperature in ${unit.symbol} is expected here`,
        advice: 'write what is added or taken away in K, such as "bath - 5 K"',
      };
    }
  }
}

/** Units that stand for their kind in advice. */
const USUAL_UNITS = [
  "uL",
  "s",
  "mm",
  "mg",
  "degC",
  "mM",
  "mmol",
  "mL/min",
  "uM/s",
  "rpm",
  "bar",
  "V",
  "mA",
  "W",
];

/** What to write where a unit is of the wrong kind. */
function rightUnit(dimension: Dimension): string {
  if (sameDimension(dimension, DIMENSIONLESS)) return "write the value without unit, or in a unit such as %";
  const usual = USUAL_UNITS.find((symbol) => sameDimension(unitOf(symbol).dimension, dimension));
  return `write the value with a unit of the right kind${usual === undefined ? "" : `, such as ${usual}`}`;
}

/** Reads a span of time, in milliseconds: a deadline, an interval, a budget. */
export function readTime(faults: FaultCollector, path: Path, written: string | number): number | undefined {
  const seconds = readSi(faults, path, written, unitOf("s").dimension);
  if (seconds === undefined || seconds > 0) return seconds === undefined ? undefined : seconds * 1000;
  faults.add("campaign.bad-quantity", path, `"${written}" is no span of time`, "write a time above 0");
  return undefined;
}
