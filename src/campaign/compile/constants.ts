import type { Expression } from "../../base/expression/expression.ts";
import { replaceNames } from "../../base/expression/replace-names.ts";
import type { Unit } from "../../base/unit.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";
import { readQuantity } from "./values.ts";

/** Values that expressions of a file can use, by name. */
export type Constants = ReadonlyMap<string, { readonly value: number; readonly unit: Unit }>;

/** The constants of a campaign file by the names that expressions use: `name` or `name.member`. */
export function compileConstants(faults: FaultCollector, file: WrittenCampaign): Constants {
  const constants = new Map<string, { value: number; unit: Unit }>();
  for (const [name, written] of Object.entries(file.constants ?? {})) {
    const members = typeof written === "object" ? Object.entries(written) : ([["", written]] as const);
    for (const [member, value] of members) {
      const path = member === "" ? ["constants", name] : ["constants", name, member];
      const quantity = readQuantity(faults, path, value);
      if (quantity === undefined) faults.giveUp(name);
      else constants.set(member === "" ? name : `${name}.${member}`, quantity);
    }
  }
  for (const name of Object.keys(file.parameters)) {
    if (constants.has(name))
      faults.add(
        "campaign.name-twice",
        ["parameters", name],
        `"${name}" is a constant already`,
        "choose another name",
      );
  }
  return constants;
}

/** An expression that reads settings alone, its constants put in as numbers. */
export function withConstants(expression: Expression, constants: Constants): Expression {
  const numbers = [...constants].map(([name, { value, unit }]): [string, Expression] => [
    name,
    { kind: "number", at: 0, value, unit },
  ]);
  return replaceNames(expression, new Map(numbers));
}
