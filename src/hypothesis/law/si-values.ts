import type { Value } from "../../base/expression/evaluate.ts";
import { toSi, type Unit, unitOf } from "../../base/unit.ts";
import type { Parameter, Setting } from "../parameter.ts";

/** The values of a setting as expressions read them: numbers in coherent SI, choices as texts, constants included. */
export function siValues(parameters: readonly Parameter[], setting: Setting): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const parameter of parameters) {
    if (parameter.kind === "categorical") {
      const choice = setting[parameter.name];
      if (choice !== undefined) values.set(parameter.name, choice);
      continue;
    }
    const value = setting[parameter.name] ?? (parameter.kind === "constant" ? parameter.value : undefined);
    if (typeof value === "number") values.set(parameter.name, toSi(value, unitNamed(parameter.unit)));
  }
  return values;
}

const units = new Map<string, Unit>();

/** The unit with a name; read once, since designs convert the same few units many thousand times. */
export function unitNamed(name: string): Unit {
  const known = units.get(name);
  if (known !== undefined) return known;
  const unit = unitOf(name);
  units.set(name, unit);
  return unit;
}
