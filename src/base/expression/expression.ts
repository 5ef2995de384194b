import type { Unit } from "../unit.ts";

/** Functions that expressions may call. */
export type FunctionName =
  | "sqrt"
  | "exp"
  | "log"
  | "log10"
  | "abs"
  | "sin"
  | "cos"
  | "tan"
  | "tanh"
  | "min"
  | "max"
  | "round"
  | "floor"
  | "ceil";

/** Operators between two terms. */
export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "^"
  | "<"
  | "<="
  | ">"
  | ">="
  | "=="
  | "!="
  | "and"
  | "or";

/**
 * An expression over named values, as plain data; it is interpreted, never compiled or evaluated as code.
 * All values in it are in coherent SI units; `at` is the offset in the text, for messages.
 */
export type Expression =
  | { readonly kind: "number"; readonly at: number; readonly value: number; readonly unit: Unit }
  | { readonly kind: "text"; readonly at: number; readonly value: string }
  | { readonly kind: "name"; readonly at: number; readonly name: string }
  | { readonly kind: "negate"; readonly at: number; readonly of: Expression }
  | { readonly kind: "not"; readonly at: number; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly at: number;
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "choose";
      readonly at: number;
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | {
      readonly kind: "call";
      readonly at: number;
      readonly name: FunctionName;
      readonly of: readonly Expression[];
    };

/** The names that an expression reads, each once, in the order of the text. */
export function namesIn(expression: Expression): string[] {
  const names = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.kind === "name") names.add(node.name);
    for (const child of children(node)) visit(child);
  };
  visit(expression);
  return [...names];
}

/** The expressions that an expression is made of directly. */
export function children(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "number":
    case "text":
    case "name":
      return [];
    case "negate":
    case "not":
      return [node.of];
    case "binary":
      return [node.left, node.right];
    case "choose":
      return [node.condition, node.whenTrue, node.whenFalse];
    case "call":
      return node.of;
  }
}
