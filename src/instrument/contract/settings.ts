import { type Fault, nearestName } from "../../base/fault.ts";
import { convert, formatQuantity, type Quantity } from "../../base/quantity.ts";
import { isUnitProblem, parseUnit, sameDimension, unitOf } from "../../base/unit.ts";
import type { SettingDeclaration } from "./declaration.ts";

/** Settings by name; numbers are in the declared units. */
export type Settings = Readonly<Record<string, number | string>>;

/** Settings as a file has them: a bare number is in the declared unit. */
export type GivenSettings = Readonly<Record<string, number | string | Quantity>>;

/** Complete settings, or everything that is wrong with them. */
export type ReadSettings =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "refused"; readonly faults: readonly Fault[] };

/**
 * Checks settings against their declarations and fills in the defaults.
 *
 * @param owner - whose settings these are, for the messages: an instrument's name in the lab file
 */
export function readSettings(
  owner: string,
  declared: Readonly<Record<string, SettingDeclaration>>,
  given: GivenSettings,
): ReadSettings {
  const faults: Fault[] = [];
  const settings: Record<string, number | string> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name)) faults.push(unknownSetting(owner, name, Object.keys(declared)));
  }
  for (const [name, declaration] of Object.entries(declared)) {
    const value = given[name] ?? declaration.default;
    if (value === undefined) {
      if (declaration.required === true) faults.push(missingSetting(owner, name, declaration));
      continue;
    }
    const read = readSetting(owner, name, declaration, value);
    if (typeof read === "object") faults.push(read);
    else settings[name] = read;
  }
  return faults.length > 0 ? { kind: "refused", faults } : { kind: "settings", settings };
}

function readSetting(
  owner: string,
  name: string,
  declaration: SettingDeclaration,
  value: number | string | Quantity,
): number | string | Fault {
  switch (declaration.kind) {
    case "text":
      return typeof value === "string" ? value : wrongKind(owner, name, value, "a text");
    case "choice":
      if (typeof value === "string" && declaration.choices.includes(value)) return value;
      return wrongKind(owner, name, value, `one of ${declaration.choices.join(", ")}`);
    case "number":
      return readNumberSetting(owner, name, declaration, value);
  }
}

function readNumberSetting(
  owner: string,
  name: string,
  declaration: Extract<SettingDeclaration, { kind: "number" }>,
  value: number | string | Quantity,
): number | Fault {
  const { unit, minimum = -Infinity, maximum = Infinity } = declaration;
  const number = inUnit(value, unit);
  if (number === undefined || !Number.isFinite(number)) return wrongKind(owner, name, value, `in ${unit}`);
  if (number >= minimum && number <= maximum) return number;
  const limit = number < minimum ? `at least ${minimum}` : `at most ${maximum}`;
  return {
    code: "instrument.setting-out-of-limits",
    message: `setting "${name}" of ${owner} is ${formatQuantity({ value: number, unit })}, but has to be ${formatLimit(limit, unit)}`,
    advice: `correct "${name}" of ${owner} in the lab file`,
  };
}

/** A number in `unit`, or undefined when the value is none of that dimension. */
function inUnit(value: number | string | Quantity, unit: string): number | undefined {
  if (typeof value === "string") return undefined;
  if (typeof value === "number") return value;
  const from = parseUnit(value.unit);
  if (isUnitProblem(from) || !sameDimension(from.dimension, unitOf(unit).dimension)) return undefined;
  return convert(value, unit);
}

function formatLimit(limit: string, unit: string): string {
  return unit === "1" ? limit : `${limit} ${unit}`;
}

function unknownSetting(owner: string, name: string, known: readonly string[]): Fault {
  const nearest = nearestName(name, known);
  return {
    code: "instrument.unknown-setting",
    message: `${owner} has no setting "${name}"`,
    advice: nearest === undefined ? `its settings are: ${known.join(", ")}` : `did you mean "${nearest}"?`,
  };
}

function missingSetting(owner: string, name: string, declaration: SettingDeclaration): Fault {
  return {
    code: "instrument.missing-setting",
    message: `setting "${name}" of ${owner} is missing (${declaration.description})`,
    advice: `add "${name}" to ${owner} in the lab file`,
  };
}

function wrongKind(owner: string, name: string, value: number | string | Quantity, wanted: string): Fault {
  const shown = typeof value === "object" ? formatQuantity(value) : `"${value}"`;
  return {
    code: "instrument.wrong-setting",
    message: `setting "${name}" of ${owner} is ${shown}, but has to be ${wanted}`,
    advice: `correct "${name}" of ${owner} in the lab file`,
  };
}
