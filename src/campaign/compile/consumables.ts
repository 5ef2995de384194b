import type { ExpressionType } from "../../base/expression/dimension.ts";
import { evaluate, type Value } from "../../base/expression/evaluate.ts";
import { randomStream } from "../../base/random.ts";
import { toSi } from "../../base/unit.ts";
import { sampleFeasible } from "../../experiment/space/sample-feasible.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { Consumable } from "../../loop/definition.ts";
import { settingValues } from "../../loop/experiment-machine.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";
import { readExpression, readQuantity } from "./values.ts";

/** The consumables of a budget; what is wrong with them goes to the faults. */
export function compileConsumables(
  faults: FaultCollector,
  file: WrittenCampaign,
  scope: ReadonlyMap<string, ExpressionType>,
): Consumable[] {
  return Object.entries(file.budget.consumables ?? {}).flatMap(([name, written]): Consumable[] => {
    const path = ["budget", "consumables", name];
    const available = readQuantity(faults, [...path, "available"], written.available);
    if (available === undefined) return [];
    const per = readExpression(faults, [...path, "per_experiment"], written.per_experiment, scope, {
      kind: "dimension",
      dimension: available.unit.dimension,
    });
    return per === undefined
      ? []
      : [{ name, available: toSi(available.value, available.unit), perExperiment: per.expression }];
  });
}

/** Settings whose use of consumables is looked at. */
const TRIED = 64;

/** Compares what experiments use up with what there is. */
export function checkConsumables(
  faults: FaultCollector,
  stock: {
    readonly consumables: readonly Consumable[];
    readonly space: Space;
    /** All settings that may be tried, where they are listed. */
    readonly candidates?: readonly Setting[];
    readonly constants: Readonly<Record<string, Value>>;
    readonly experiments: number;
  },
): void {
  const { consumables, space, constants, experiments, candidates } = stock;
  if (consumables.length === 0) return;
  const settings = candidates ?? sampleFeasible(space, TRIED, randomStream(1, 0, "consumables"));
  const tried = settings.map(
    (setting): Readonly<Record<string, Value>> => ({
      ...constants,
      ...settingValues(space.parameters, setting),
    }),
  );
  for (const { name, available, perExperiment } of consumables) {
    const path = ["budget", "consumables", name];
    const uses = tried.map((values) => evaluate(perExperiment, (each) => values[each]));
    const least = uses.reduce((a, b) => Math.min(a, b), Infinity);
    if (uses.some((use) => !(use >= 0)))
      faults.add(
        "campaign.bad-consumable",
        [...path, "per_experiment"],
        `some experiments would use less than nothing of "${name}"`,
        "write an expression that is never negative",
      );
    else if (least > available)
      faults.add(
        "campaign.bad-consumable",
        [...path, "available"],
        `there is too little of "${name}" for a single experiment`,
        "correct what is available, or what an experiment uses",
      );
    else if (least * experiments > available * (1 + 1e-9))
      faults.warn(
        "campaign.short-supply",
        [...path, "available"],
        `"${name}" lasts for ${Math.floor(available / least + 1e-9)} of ${experiments} experiments at most`,
        "provide more, or make the budget of experiments smaller; the campaign ends when it is used up",
      );
  }
}
