import { type Expression, namesIn } from "../../base/expression/expression.ts";
import type { Law } from "../../hypothesis/law/law.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import type { Consumable, MeasurementDefinition } from "../../loop/definition.ts";
import type { Instruction, Plan } from "../../loop/plan.ts";
import type { FaultCollector } from "./faults.ts";

/** Warns of parameters that nothing in an experiment depends on. */
export function warnUnused(
  faults: FaultCollector,
  campaign: {
    readonly parameters: readonly Parameter[];
    readonly plan: Plan;
    readonly measurements: readonly MeasurementDefinition[];
    readonly laws: readonly Law[];
    readonly consumables: readonly Consumable[];
  },
): void {
  const expressions = [
    ...campaign.plan.flatMap(expressionsIn),
    ...campaign.measurements.map(({ expression }) => expression),
    ...campaign.laws.map(({ expression }) => expression),
    ...campaign.consumables.map(({ perExperiment }) => perExperiment),
    ...campaign.parameters.flatMap((each) => (each.kind === "constant" ? [] : (each.when ?? []))),
  ];
  const used = new Set(expressions.flatMap(namesIn));
  for (const { name } of campaign.parameters) {
    if (used.has(name)) continue;
    faults.warn(
      "campaign.unused",
      ["parameters", name],
      `nothing uses "${name}": no step, no measurement and no hypothesis`,
      "use it in the procedure, or take it out: the campaign would look for an effect that can't be there",
    );
  }
}

function expressionsIn(instruction: Instruction): Expression[] {
  switch (instruction.kind) {
    case "action":
      return Object.values(instruction.step.arguments).map(({ expression }) => expression);
    case "wait":
      return [instruction.seconds];
    case "compute":
      return [instruction.expression];
    case "unless":
      return [instruction.condition];
    case "count":
      return [instruction.times];
    default:
      return [];
  }
}
