import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import type { Space } from "./space.ts";

/** The parameters that are observed, not chosen. */
export function contextParameters(space: Space): Exclude<Parameter, { kind: "constant" }>[] {
  return space.parameters.filter(
    (parameter) => parameter.kind !== "constant" && parameter.context === true,
  ) as Exclude<Parameter, { kind: "constant" }>[];
}

/**
 * The space of settings under a context: its parameters are unchanged, so past data keep their features, but
 * every setting has the context's values.
 *
 * @param context - the value of each context parameter; numbers may lie beyond the parameter's limits, since
 *   what is observed doesn't ask for them
 * @throws RangeError when a value is missing, belongs to no context parameter, or can't be one of its values
 */
export function withContext(space: Space, context: Setting): Space {
  const parameters = contextParameters(space);
  for (const name of Object.keys(context)) {
    if (!parameters.some((parameter) => parameter.name === name))
      throw new RangeError(`"${name}" is no context parameter`);
  }
  for (const parameter of parameters) {
    const problem = contextProblem(parameter, context[parameter.name]);
    if (problem !== undefined) throw new RangeError(`the context "${parameter.name}" ${problem}`);
  }
  return { ...space, pinned: { ...space.pinned, ...context } };
}

/** Why a value can't be observed for a parameter; undefined when it can. */
export function contextProblem(parameter: Parameter, value: number | string | undefined): string | undefined {
  if (value === undefined) return "has no value";
  if (parameter.kind === "categorical")
    return parameter.choices.includes(String(value))
      ? undefined
      : `has no choice "${value}"; choices are ${parameter.choices.join(", ")}`;
  if (typeof value !== "number" || !Number.isFinite(value)) return `has to be a number, not "${value}"`;
  const log = (parameter.kind === "continuous" || parameter.kind === "integer") && parameter.scale === "log";
  return log && value <= 0 ? "has a log scale, so it has to be above 0" : undefined;
}
