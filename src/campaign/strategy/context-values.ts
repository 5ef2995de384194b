import { type Fault, nearestName } from "../../base/fault.ts";
import { unitOf } from "../../base/unit.ts";
import { contextParameters, contextProblem } from "../../experiment/space/context.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { numberIn } from "../file/cell-value.ts";

/** The value of each context parameter in its unit, or everything that is wrong with it. */
export type ContextReading =
  | { readonly kind: "context"; readonly context: Setting }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** Reads what is observed before a decision: numbers in their parameters' units, or texts with a unit. */
export function readContext(space: Space, given: Setting): ContextReading {
  const observed = contextParameters(space);
  const faults = Object.keys(given).flatMap((name) => strangerFault(space, observed, name));
  const context: Record<string, number | string> = {};
  for (const parameter of observed) {
    const { name } = parameter;
    const written = Object.hasOwn(given, name) ? given[name] : undefined;
    const value = valueOf(parameter, written);
    const problem = contextProblem(parameter, value);
    if (problem !== undefined) faults.push(valueFault(parameter, written, problem));
    else context[name] = value as number | string;
  }
  return faults.length > 0 ? { kind: "faults", faults } : { kind: "context", context };
}

function valueOf(parameter: Parameter, written: number | string | undefined): number | string | undefined {
  if (written === undefined || written === "") return undefined;
  if (parameter.kind === "categorical") return String(written);
  return numberIn(written, unitOf(parameter.unit)) ?? written;
}

function valueFault(parameter: Parameter, written: number | string | undefined, problem: string): Fault {
  const unit = parameter.kind === "categorical" || parameter.unit === "1" ? "" : ` in ${parameter.unit}`;
  return {
    code: "campaign.bad-context",
    message: `the context "${parameter.name}" ${problem}`,
    advice:
      written === undefined
        ? `it is observed before each decision: give its value${unit}`
        : parameter.kind === "categorical"
          ? "give one of them"
          : `give a number${unit === "" ? "" : `${unit}, or with a unit`}`,
  };
}

/** A name that is no context parameter. */
function strangerFault(space: Space, observed: readonly Parameter[], name: string): Fault[] {
  if (observed.some((parameter) => parameter.name === name)) return [];
  const names = observed.map((parameter) => parameter.name);
  const chosen = space.parameters.some((parameter) => parameter.name === name);
  const near = nearestName(name, names);
  return [
    {
      code: "campaign.bad-context",
      message: chosen
        ? `"${name}" is chosen, not observed: it is no context`
        : `"${name}" is no context parameter`,
      advice: chosen
        ? `say \`context: true\` in its definition, or leave it away here`
        : near !== undefined
          ? `did you mean "${near}"?`
          : names.length === 0
            ? "there is none; a parameter is one when it says `context: true`"
            : `there are ${names.join(", ")}`,
    },
  ];
}
