import type { Expression } from "../../src/base/expression/expression.ts";
import { parseExpression } from "../../src/base/expression/parse.ts";
import type { Constraint, Mixture, Parameter, Space } from "../../src/experiment/space/space.ts";

/** The expression of a text. */
export function expression(text: string): Expression {
  const parsed = parseExpression(text);
  if (parsed.kind === "expression") return parsed.expression;
  throw new Error(`${text}: ${parsed.message}`);
}

/** A constraint that is called as it is written. */
export function constraint(text: string): Constraint {
  return { name: text, text, expression: expression(text) };
}

/** A continuous parameter without unit, between 0 and 1 unless told. */
export function continuous(
  name: string,
  minimum = 0,
  maximum = 1,
): Extract<Parameter, { kind: "continuous" }> {
  return { kind: "continuous", name, unit: "1", minimum, maximum, scale: "linear" };
}

/** What a mixture of parts x0, x1, … that sum to 1 is made from. */
export interface MixtureOptions {
  readonly parts: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly step?: number;
  readonly atMost?: number;
  readonly constraints?: readonly string[];
}

/** A space that is one mixture. */
export function mixtureSpace(options: MixtureOptions): Space {
  const { parts, minimum = 0, maximum = 1, step, atMost, constraints = [] } = options;
  const names = Array.from({ length: parts }, (_, i) => `x${i}`);
  const mixture: Mixture = { parameters: names, total: 1, unit: "1" };
  return {
    parameters: names.map((name): Parameter => {
      const part = continuous(name, minimum, maximum);
      return step === undefined ? part : { kind: "stepped", name, unit: "1", minimum, maximum, step };
    }),
    mixtures: [atMost === undefined ? mixture : { ...mixture, atMost }],
    constraints: constraints.map(constraint),
  };
}
