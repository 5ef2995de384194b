import {
  combine,
  DIMENSIONLESS,
  type Dimension,
  describeDimension,
  sameDimension,
  toSi,
  type Unit,
} from "../unit.ts";
import type { BinaryOperator, Expression, FunctionName } from "./expression.ts";

/** What an expression gives. */
export type ExpressionType =
  | {
      readonly kind: "quantity";
      readonly dimension: Dimension;
      /** Whether it is a place on a scale with its own zero (20 degC) and no difference. */
      readonly absolute: boolean;
      /** Whether it is the difference of two such places. */
      readonly difference?: boolean;
      /** A bare 0 fits every dimension, but is no place on a scale: 0 could mean 0 K or 0 degC. */
      readonly zero?: boolean;
    }
  | { readonly kind: "text"; readonly choices?: readonly string[] }
  | { readonly kind: "condition" };

/** The type of an expression, or what doesn't fit and where in the text. */
export type CheckedType =
  | { readonly kind: "type"; readonly type: ExpressionType }
  | { readonly kind: "problem"; readonly at: number; readonly message: string };

/** A quantity of a dimension; `absolute` for temperatures on a scale. */
export function quantityType(dimension: Dimension, absolute = false): ExpressionType {
  return { kind: "quantity", dimension, absolute };
}

/** The type of what is given in a unit. */
export function unitType({ dimension, offset }: Unit): ExpressionType {
  return quantityType(dimension, offset !== 0);
}

const PLAIN = quantityType(DIMENSIONLESS);
const CONDITION: ExpressionType = { kind: "condition" };

class Misfit extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * Finds the dimension of an expression before anything is evaluated.
 *
 * @param expression - what to check
 * @param typeOf - the type of a name; undefined for a name that is not known
 * @param unknown - the message for such a name
 */
export function checkDimensions(
  expression: Expression,
  typeOf: (name: string) => ExpressionType | undefined,
  unknown: (name: string) => string,
): CheckedType {
  const visit = (node: Expression): ExpressionType => {
    switch (node.kind) {
      case "number":
        return {
          kind: "quantity",
          dimension: node.unit.dimension,
          absolute: node.unit.offset !== 0,
          zero: node.value === 0 && node.unit.symbol === "1",
        };
      case "text":
        return { kind: "text" };
      case "name": {
        const type = typeOf(node.name);
        if (type === undefined) throw new Misfit(node.at, unknown(node.name));
        return type;
      }
      case "negate":
        return { ...quantity(visit(node.of), node.at), kind: "quantity" };
      case "not":
        condition(visit(node.of), node.at);
        return CONDITION;
      case "binary":
        return joined(node.operator, node.at, visit(node.left), visit(node.right), node.right);
      case "choose": {
        condition(visit(node.condition), node.at);
        const type = visit(node.whenTrue);
        return same(type, visit(node.whenFalse), node.at, "both choices");
      }
      case "call":
        return called(node.name, node.at, node.of.map(visit));
    }
  };
  try {
    return { kind: "type", type: visit(expression) };
  } catch (error) {
    if (error instanceof Misfit) return { kind: "problem", at: error.at, message: error.message };
    throw error;
  }
}

type QuantityType = Extract<ExpressionType, { kind: "quantity" }>;

function quantity(type: ExpressionType, at: number): QuantityType {
  if (type.kind !== "quantity") throw new Misfit(at, `a number is expected here, not ${describeType(type)}`);
  return type;
}

function condition(type: ExpressionType, at: number): void {
  if (type.kind !== "condition") {
    throw new Misfit(at, `a condition (such as "a < b") is expected here, not ${describeType(type)}`);
  }
}

/** A type in words, for messages. */
export function describeType(type: ExpressionType): string {
  switch (type.kind) {
    case "quantity":
      return describeDimension(type.dimension);
    case "text":
      return "a text";
    case "condition":
      return "a condition";
  }
}

function same(a: ExpressionType, b: ExpressionType, at: number, what: string): ExpressionType {
  if (a.kind === "text" && b.kind === "text") return a;
  if (a.kind === "quantity" && b.kind === "quantity") {
    if ((a.zero === true && b.absolute) || (b.zero === true && a.absolute)) {
      throw new Misfit(at, 'a bare 0 is no temperature on a scale; write "0 degC" or "0 K"');
    }
    if (a.zero === true) return b;
    if (b.zero === true || sameDimension(a.dimension, b.dimension)) return a;
  }
  throw new Misfit(
    at,
    `${what} have to be of one dimension, but one is ${describeType(a)} and the other ${describeType(b)}`,
  );
}

function joined(
  operator: BinaryOperator,
  at: number,
  left: ExpressionType,
  right: ExpressionType,
  rightNode: Expression,
): ExpressionType {
  switch (operator) {
    case "and":
    case "or":
      condition(left, at);
      condition(right, at);
      return CONDITION;
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      same(left, right, at, `both sides of "${operator}"`);
      if (isDifference(left) !== isDifference(right) && (isAbsolute(left) || isAbsolute(right))) {
        throw new Misfit(
          at,
          `one side of "${operator}" is a difference of temperatures, the other a temperature on a scale; write the difference in K`,
        );
      }
      return CONDITION;
    case "+":
    case "-":
      return added(operator, at, quantity(left, at), quantity(right, at));
    case "*":
      return quantityType(combine(quantity(left, at).dimension, quantity(right, at).dimension, 1));
    case "/":
      return quantityType(combine(quantity(left, at).dimension, quantity(right, at).dimension, -1));
    case "^":
      return raised(at, quantity(left, at), quantity(right, at), rightNode);
  }
}

function added(operator: "+" | "-", at: number, left: QuantityType, right: QuantityType): ExpressionType {
  const type = same(left, right, at, `both sides of "${operator}"`) as QuantityType;
  if (operator === "+" && left.absolute && right.absolute) {
    throw new Misfit(at, "two temperatures on a scale can't be added; write the difference in K");
  }
  if (operator === "-" && left.absolute && right.absolute)
    return { kind: "quantity", dimension: type.dimension, absolute: false, difference: true };
  return quantityType(type.dimension, left.absolute || (operator === "+" && right.absolute));
}

function isAbsolute(type: ExpressionType): boolean {
  return type.kind === "quantity" && type.absolute;
}

function isDifference(type: ExpressionType): boolean {
  return type.kind === "quantity" && type.difference === true;
}

function raised(at: number, base: QuantityType, power: QuantityType, node: Expression): ExpressionType {
  if (!sameDimension(power.dimension, DIMENSIONLESS))
    throw new Misfit(at, "an exponent has to be a number without unit");
  if (sameDimension(base.dimension, DIMENSIONLESS)) return PLAIN;
  const exponent = literal(node);
  if (exponent === undefined) {
    throw new Misfit(at, "a quantity with a unit can only be raised to a power that is written as a number");
  }
  return quantityType(combine(DIMENSIONLESS, base.dimension, exponent));
}

function literal(node: Expression): number | undefined {
  if (node.kind === "number") return toSi(node.value, node.unit);
  if (node.kind === "negate") {
    const of = literal(node.of);
    return of === undefined ? undefined : -of;
  }
  return undefined;
}

function called(name: FunctionName, at: number, of: readonly ExpressionType[]): ExpressionType {
  const types = of.map((each) => quantity(each, at));
  const [first] = types as [QuantityType];
  switch (name) {
    case "sqrt":
      return quantityType(combine(DIMENSIONLESS, first.dimension, 0.5));
    case "abs":
      return first;
    case "min":
    case "max":
      return types.reduce<ExpressionType>((a, b) => same(a, b, at, `the values of "${name}"`), first);
    default:
      if (!sameDimension(first.dimension, DIMENSIONLESS)) {
        throw new Misfit(
          at,
          `"${name}" takes a number without unit, not ${describeType(first)}; divide by a quantity of its kind`,
        );
      }
      return PLAIN;
  }
}
