import { evaluate } from "../../base/expression/evaluate.ts";
import { type Expression, namesIn } from "../../base/expression/expression.ts";

/** constant + Σ coefficient·name, all in coherent SI. */
export interface LinearForm {
  readonly constant: number;
  readonly coefficients: ReadonlyMap<string, number>;
}

/** form ≤ 0, or form = 0. */
export interface LinearCondition {
  readonly form: LinearForm;
  readonly equality: boolean;
}

/** What of a condition is linear. */
export interface LinearPart {
  readonly conditions: readonly LinearCondition[];
  /** Whether that is all of the condition. */
  readonly whole: boolean;
}

/** The linear comparisons that a condition is made of, as far as "and" joins them. */
export function linearPart(condition: Expression): LinearPart {
  if (condition.kind !== "binary") return { conditions: [], whole: false };
  const { operator, left, right } = condition;
  if (operator === "and") {
    const parts = [linearPart(left), linearPart(right)];
    return { conditions: parts.flatMap((part) => part.conditions), whole: parts.every(({ whole }) => whole) };
  }
  const a = linearForm(left);
  const b = linearForm(right);
  if (a === undefined || b === undefined) return { conditions: [], whole: false };
  switch (operator) {
    case "<=":
    case "<":
      return { conditions: [{ form: added(a, b, -1), equality: false }], whole: true };
    case ">=":
    case ">":
      return { conditions: [{ form: added(b, a, -1), equality: false }], whole: true };
    case "==":
      return { conditions: [{ form: added(a, b, -1), equality: true }], whole: true };
    default:
      return { conditions: [], whole: false };
  }
}

/** An expression as a linear form of its names; undefined when it is none. */
export function linearForm(expression: Expression): LinearForm | undefined {
  if (expression.kind === "text") return undefined;
  if (namesIn(expression).length === 0) return constantForm(evaluate(expression, () => undefined));
  if (expression.kind === "name") return { constant: 0, coefficients: new Map([[expression.name, 1]]) };
  if (expression.kind === "negate") return scaled(linearForm(expression.of), -1);
  if (expression.kind !== "binary") return undefined;
  const a = linearForm(expression.left);
  const b = linearForm(expression.right);
  if (a === undefined || b === undefined) return undefined;
  switch (expression.operator) {
    case "+":
      return added(a, b, 1);
    case "-":
      return added(a, b, -1);
    case "*":
      if (a.coefficients.size === 0) return scaled(b, a.constant);
      return b.coefficients.size === 0 ? scaled(a, b.constant) : undefined;
    case "/":
      return b.coefficients.size === 0 ? scaled(a, 1 / b.constant) : undefined;
    default:
      return undefined;
  }
}

function constantForm(constant: number): LinearForm | undefined {
  return Number.isFinite(constant) ? { constant, coefficients: new Map() } : undefined;
}

function scaled(form: LinearForm | undefined, factor: number): LinearForm | undefined {
  if (form === undefined || !Number.isFinite(factor)) return undefined;
  return {
    constant: form.constant * factor,
    coefficients: new Map([...form.coefficients].map(([name, value]) => [name, value * factor])),
  };
}

function added(a: LinearForm, b: LinearForm, factor: number): LinearForm {
  const coefficients = new Map(a.coefficients);
  for (const [name, value] of b.coefficients)
    coefficients.set(name, (coefficients.get(name) ?? 0) + factor * value);
  return { constant: a.constant + factor * b.constant, coefficients };
}
