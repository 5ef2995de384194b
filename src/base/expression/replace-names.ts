import type { Expression } from "./expression.ts";

/** An expression with some of its names replaced by other expressions. */
export function replaceNames(
  expression: Expression,
  replacements: ReadonlyMap<string, Expression>,
): Expression {
  const replace = (node: Expression): Expression => replaceNames(node, replacements);
  switch (expression.kind) {
    case "number":
    case "text":
      return expression;
    case "name":
      return replacements.get(expression.name) ?? expression;
    case "negate":
    case "not":
      return { ...expression, of: replace(expression.of) };
    case "binary":
      return { ...expression, left: replace(expression.left), right: replace(expression.right) };
    case "choose":
      return {
        ...expression,
        condition: replace(expression.condition),
        whenTrue: replace(expression.whenTrue),
        whenFalse: replace(expression.whenFalse),
      };
    case "call":
      return { ...expression, of: expression.of.map(replace) };
  }
}
