import { type Fault, nearestName } from "../../base/fault.ts";
import { convert, formatQuantity, type Quantity } from "../../base/quantity.ts";
import { describeDimension, isUnitProblem, parseUnit, sameDimension, unitOf } from "../../base/unit.ts";
import type { ArgumentDeclaration, ChoiceArgument, Declaration, NumberArgument } from "./declaration.ts";
import type { Call } from "./instrument.ts";

/** A call before it is checked; a bare number is in the declared unit. */
export interface CallRequest {
  readonly action: string;
  readonly arguments: Readonly<Record<string, number | string | Quantity>>;
  readonly key: string;
}

/** A call in the units of the declaration, or everything that is wrong with it. */
export type CheckedCall =
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "refused"; readonly faults: readonly Fault[] };

/**
 * Checks a call against a declaration and brings its quantities into the declared units.
 *
 * @param declaration - of the instrument, narrowed by its settings
 * @param request - the call as asked for
 * @param instrument - the instrument's name in the lab file, for the messages
 */
export function checkCall(
  declaration: Declaration,
  request: CallRequest,
  instrument: string = declaration.id,
): CheckedCall {
  const action = Object.hasOwn(declaration.actions, request.action)
    ? declaration.actions[request.action]
    : undefined;
  if (action === undefined) {
    return { kind: "refused", faults: [unknownAction(declaration, request, instrument)] };
  }
  const where = `"${request.action}" of ${instrument}`;
  const faults: Fault[] = [];
  const checked: Record<string, number | string> = {};
  for (const name of Object.keys(request.arguments)) {
    if (!Object.hasOwn(action.arguments, name)) {
      faults.push(unknownArgument(where, name, Object.keys(action.arguments)));
    }
  }
  for (const [name, argument] of Object.entries(action.arguments)) {
    const value = request.arguments[name];
    if (value === undefined) {
      if (argument.required !== false) faults.push(missingArgument(where, name, argument));
      continue;
    }
    const result = checkArgument(where, name, argument, value);
    if (typeof result === "object") faults.push(result);
    else checked[name] = result;
  }
  if (faults.length > 0) return { kind: "refused", faults };
  return { kind: "call", call: { action: request.action, arguments: checked, key: request.key } };
}

function checkArgument(
  where: string,
  name: string,
  argument: ArgumentDeclaration,
  value: number | string | Quantity,
): number | string | Fault {
  switch (argument.kind) {
    case "choice":
      return checkChoice(where, name, argument, value);
    case "number":
      return checkNumber(where, name, argument, value);
  }
}

function checkChoice(
  where: string,
  name: string,
  argument: ChoiceArgument,
  value: number | string | Quantity,
): string | Fault {
  if (typeof value === "string" && argument.choices.includes(value)) return value;
  const nearest = typeof value === "string" ? nearestName(value, argument.choices) : undefined;
  return {
    code: "instrument.no-such-choice",
    message: `argument "${name}" of ${where} is ${show(value)}, but has to be one of ${argument.choices.join(", ")}`,
    advice: nearest === undefined ? "choose one of them" : `did you mean "${nearest}"?`,
  };
}

function checkNumber(
  where: string,
  name: string,
  argument: NumberArgument,
  value: number | string | Quantity,
): number | Fault {
  const { unit, minimum = -Infinity, maximum = Infinity } = argument;
  if (typeof value === "string") return wrongUnit(where, name, argument, `"${value}"`);
  if (typeof value === "object") {
    const given = parseUnit(value.unit);
    if (isUnitProblem(given) || !sameDimension(given.dimension, unitOf(unit).dimension)) {
      return wrongUnit(where, name, argument, formatQuantity(value));
    }
  }
  const number = typeof value === "number" ? value : convert(value, unit);
  if (!Number.isFinite(number)) return wrongUnit(where, name, argument, String(number));
  if (number >= minimum && number <= maximum) return number;
  const limit = number < minimum ? minimum : maximum;
  const verb = number < minimum ? "less than the least" : "more than the most";
  return {
    code: "instrument.argument-out-of-limits",
    message: `argument "${name}" of ${where} is ${formatQuantity({ value: number, unit })}, ${verb} that it can do, ${formatQuantity({ value: limit, unit })}`,
    advice: `give "${name}" between ${describeRange(argument)}, or set up the instrument for a wider range`,
  };
}

function describeRange({ unit, minimum = -Infinity, maximum = Infinity }: NumberArgument): string {
  return `${formatQuantity({ value: minimum, unit })} and ${formatQuantity({ value: maximum, unit })}`;
}

function show(value: number | string | Quantity): string {
  return typeof value === "object" ? formatQuantity(value) : `"${value}"`;
}

function unknownAction(declaration: Declaration, request: CallRequest, instrument: string): Fault {
  const known = Object.keys(declaration.actions);
  const nearest = nearestName(request.action, known);
  return {
    code: "instrument.unknown-action",
    message: `${instrument} (${declaration.title}) has no action "${request.action}"`,
    advice: nearest === undefined ? `its actions are: ${known.join(", ")}` : `did you mean "${nearest}"?`,
  };
}

function unknownArgument(where: string, name: string, known: readonly string[]): Fault {
  const nearest = nearestName(name, known);
  const list = known.length === 0 ? "it takes none" : `its arguments are: ${known.join(", ")}`;
  return {
    code: "instrument.unknown-argument",
    message: `${where} has no argument "${name}"`,
    advice: nearest === undefined ? list : `did you mean "${nearest}"?`,
  };
}

function missingArgument(where: string, name: string, argument: ArgumentDeclaration): Fault {
  return {
    code: "instrument.missing-argument",
    message: `${where} needs the argument "${name}" (${argument.description})`,
    advice: argument.kind === "number" ? `give "${name}" in ${argument.unit}` : `give "${name}"`,
  };
}

function wrongUnit(where: string, name: string, argument: NumberArgument, shown: string): Fault {
  const wanted = describeDimension(unitOf(argument.unit).dimension);
  return {
    code: "instrument.wrong-unit",
    message: `argument "${name}" of ${where} is ${shown}, but has to be ${wanted}`,
    advice: `give "${name}" in ${argument.unit}`,
  };
}
