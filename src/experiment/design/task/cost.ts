import { evaluate, type Lookup } from "../../../base/expression/evaluate.ts";
import type { Expression } from "../../../base/expression/expression.ts";

/** What an experiment costs, such as time or money. */
export interface Cost {
  /** Above 0; over names of parameters and, as `previous.<name>`, those of the setting before, in coherent SI. */
  readonly expression: Expression;
}

const PREVIOUS = "previous.";

/** What an experiment costs after another one; NaN or not above 0 where the expression doesn't hold. */
export function costOf(
  { expression }: Cost,
  settings: {
    readonly own: Lookup;
    readonly previous: Lookup;
  },
): number {
  return evaluate(expression, (name) =>
    name.startsWith(PREVIOUS) ? settings.previous(name.slice(PREVIOUS.length)) : settings.own(name),
  );
}
