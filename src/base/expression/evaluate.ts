import { cos, exp, log, log10, pow, sin, tan, tanh } from "../elementary.ts";
import { toSi } from "../unit.ts";
import type { BinaryOperator, Expression, FunctionName } from "./expression.ts";

/** A value that a name can stand for: a number in coherent SI units, or a text (a category). */
export type Value = number | string;

/** Gives the value of a name; undefined when there is none. */
export type Lookup = (name: string) => Value | undefined;

/**
 * The value of an expression, in coherent SI units; conditions give 1 or 0.
 *
 * @returns NaN where arithmetic has no answer (log of a negative number)
 * @throws RangeError when a name has no value
 */
export function evaluate(expression: Expression, lookup: Lookup): number {
  const value = evaluateValue(expression, lookup);
  return typeof value === "number" ? value : Number.NaN;
}

/**
 * The value of an expression that may be a text, such as a category.
 *
 * @throws RangeError when a name has no value
 */
export function evaluateValue(expression: Expression, lookup: Lookup): Value {
  switch (expression.kind) {
    case "number":
      return toSi(expression.value, expression.unit);
    case "text":
      return expression.value;
    case "name": {
      const value = lookup(expression.name);
      if (value === undefined) throw new RangeError(`"${expression.name}" has no value`);
      return value;
    }
    case "negate":
      return -evaluate(expression.of, lookup);
    case "not":
      return evaluate(expression.of, lookup) === 0 ? 1 : 0;
    case "binary":
      return binary(expression.operator, expression.left, expression.right, lookup);
    case "choose":
      return evaluateValue(
        evaluate(expression.condition, lookup) === 0 ? expression.whenFalse : expression.whenTrue,
        lookup,
      );
    case "call":
      return call(
        expression.name,
        expression.of.map((of) => evaluate(of, lookup)),
      );
  }
}

function binary(operator: BinaryOperator, left: Expression, right: Expression, lookup: Lookup): number {
  if (operator === "and") return evaluate(left, lookup) !== 0 && evaluate(right, lookup) !== 0 ? 1 : 0;
  if (operator === "or") return evaluate(left, lookup) !== 0 || evaluate(right, lookup) !== 0 ? 1 : 0;
  const a = evaluateValue(left, lookup);
  const b = evaluateValue(right, lookup);
  if (operator === "==") return a === b ? 1 : 0;
  if (operator === "!=") return a === b ? 0 : 1;
  if (typeof a !== "number" || typeof b !== "number") return Number.NaN;
  return arithmetic(operator, a, b);
}

function arithmetic(
  operator: Exclude<BinaryOperator, "and" | "or" | "==" | "!=">,
  a: number,
  b: number,
): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "^":
      return pow(a, b);
    case "<":
      return a < b ? 1 : 0;
    case "<=":
      return a <= b ? 1 : 0;
    case ">":
      return a > b ? 1 : 0;
    case ">=":
      return a >= b ? 1 : 0;
  }
}

function call(name: FunctionName, of: readonly number[]): number {
  switch (name) {
    case "min":
      return Math.min(...of);
    case "max":
      return Math.max(...of);
    default:
      return ONE_ARGUMENT[name](of[0] as number);
  }
}

const ONE_ARGUMENT: Readonly<Record<Exclude<FunctionName, "min" | "max">, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp,
  log,
  log10,
  abs: Math.abs,
  sin,
  cos,
  tan,
  tanh,
  round: Math.round,
  floor: Math.floor,
  ceil: Math.ceil,
};

/** A value with its derivatives. */
export interface Derived {
  readonly value: number;
  /** ∂value/∂name, one for each name that was asked for; shape (n). */
  readonly gradient: Float64Array;
}

/**
 * The value of an expression with its exact derivatives (forward mode).
 *
 * @param expression - what to differentiate; conditions inside it count as constant
 * @param lookup - values of the names
 * @param names - the names to differentiate by
 * @throws RangeError when a name has no value
 */
export function differentiate(expression: Expression, lookup: Lookup, names: readonly string[]): Derived {
  const n = names.length;
  switch (expression.kind) {
    case "name": {
      const gradient = new Float64Array(n);
      const index = names.indexOf(expression.name);
      if (index >= 0) gradient[index] = 1;
      return { value: evaluate(expression, lookup), gradient };
    }
    case "negate": {
      const of = differentiate(expression.of, lookup, names);
      return { value: -of.value, gradient: of.gradient.map((g) => -g) };
    }
    case "choose":
      return differentiate(
        evaluate(expression.condition, lookup) === 0 ? expression.whenFalse : expression.whenTrue,
        lookup,
        names,
      );
    case "binary":
      return differentiateBinary(expression, lookup, names);
    case "call":
      return differentiateCall(
        expression.name,
        expression.of.map((of) => differentiate(of, lookup, names)),
      );
    default:
      return { value: evaluate(expression, lookup), gradient: new Float64Array(n) };
  }
}

function differentiateBinary(
  expression: Extract<Expression, { kind: "binary" }>,
  lookup: Lookup,
  names: readonly string[],
): Derived {
  const { operator } = expression;
  if (!["+", "-", "*", "/", "^"].includes(operator)) {
    return { value: evaluate(expression, lookup), gradient: new Float64Array(names.length) };
  }
  const { value: a, gradient: da } = differentiate(expression.left, lookup, names);
  const { value: b, gradient: db } = differentiate(expression.right, lookup, names);
  const value = arithmetic(operator as "+", a, b);
  const rule = (byA: number, byB: number): Derived => ({
    value,
    // A derivative of 0 stays 0 even where its factor is infinite (x^0.5 at 0, log of a constant).
    gradient: da.map((g, i) => (g === 0 ? 0 : byA * g) + (db[i] === 0 ? 0 : byB * (db[i] as number))),
  });
  switch (operator) {
    case "+":
      return rule(1, 1);
    case "-":
      return rule(1, -1);
    case "*":
      return rule(b, a);
    case "/":
      return rule(1 / b, -a / (b * b));
    default:
      // Where a factor is 0 the product is its limit, 0, however large the other one: x^0 at 0, and 0^n.
      return rule(b === 0 ? 0 : b * pow(a, b - 1), value === 0 ? 0 : value * log(a));
  }
}

function differentiateCall(name: FunctionName, of: readonly Derived[]): Derived {
  if (name === "min" || name === "max") {
    const value = call(
      name,
      of.map((each) => each.value),
    );
    return of.find((each) => Object.is(each.value, value)) ?? (of[0] as Derived);
  }
  const { value: x, gradient } = of[0] as Derived;
  const value = call(name, [x]);
  const slope = slopeOf(name, x, value);
  return { value, gradient: gradient.map((g) => (g === 0 ? 0 : slope * g)) };
}

function slopeOf(name: Exclude<FunctionName, "min" | "max">, x: number, value: number): number {
  switch (name) {
    case "sqrt":
      return 0.5 / value;
    case "exp":
      return value;
    case "log":
      return 1 / x;
    case "log10":
      return 1 / (x * Math.LN10);
    case "abs":
      return Math.sign(x);
    case "sin":
      return cos(x);
    case "cos":
      return -sin(x);
    case "tan":
      return 1 + value * value;
    case "tanh":
      return 1 - value * value;
    case "round":
    case "floor":
    case "ceil":
      return 0;
  }
}
