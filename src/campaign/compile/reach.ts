import { evaluateValue, type Value } from "../../base/expression/evaluate.ts";
import { namesIn } from "../../base/expression/expression.ts";
import { randomStream } from "../../base/random.ts";
import { fromSi, tidy } from "../../base/unit.ts";
import { sampleFeasible } from "../../experiment/space/sample-feasible.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { settingValues } from "../../loop/experiment-machine.ts";
import type { Argument, Plan } from "../../loop/plan.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";

/** Settings that are tried; the corners of the ranges come on top. */
const TRIED = 256;

/**
 * Checks that no allowed setting asks an instrument for more than it can do, as far as arguments depend on
 * settings alone. An argument that is a parameter itself is checked at both ends of its range.
 */
export function checkReach(
  faults: FaultCollector,
  file: WrittenCampaign,
  plan: Plan,
  space: Space,
  constants: Readonly<Record<string, Value>>,
): void {
  const settings = [...corners(space), ...sampleFeasible(space, TRIED, randomStream(1, 0, "reach"))];
  const tried = settings.map((setting) => ({
    setting,
    values: { ...constants, ...settingValues(space.parameters, setting) },
  }));
  const known = new Set(Object.keys(tried[0]?.values ?? constants));
  for (const instruction of plan) {
    if (instruction.kind !== "action") continue;
    for (const [name, argument] of Object.entries(instruction.step.arguments)) {
      if (argument.kind !== "number" || !namesIn(argument.expression).every((each) => known.has(each)))
        continue;
      const out = tried
        .map(({ setting, values }) => ({ setting, ...reach(argument, values) }))
        .find(({ fits }) => !fits);
      if (out === undefined) continue;
      const what = `"${name}" of ${instruction.step.role}.${instruction.step.action}`;
      const { minimum = -Infinity, maximum = Infinity, unit } = argument;
      faults.add(
        "campaign.out-of-reach",
        [Array.isArray(file.procedure) ? "procedure" : "parameters"],
        `${what} would be ${out.value} ${unit.symbol} at ${show(out.setting)}, but the instrument can do ${minimum} … ${maximum} ${unit.symbol}`,
        "narrow the parameters' ranges or add a constraint, so that every setting can be made",
      );
    }
  }
}

function reach(
  argument: Extract<Argument, { kind: "number" }>,
  values: Readonly<Record<string, Value>>,
): { fits: boolean; value: number } {
  const value = tidy(
    fromSi(Number(evaluateValue(argument.expression, (name) => values[name])), argument.unit),
  );
  // Half a step is what rounding may add.
  const slack = (argument.resolution ?? 0) / 2;
  const { minimum = -Infinity, maximum = Infinity } = argument;
  return { fits: value >= minimum - slack && value <= maximum + slack, value };
}

function show(setting: Setting): string {
  return Object.entries(setting)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
}

/** Settings at both ends of each range, where they are allowed by themselves. */
function corners(space: Space): Setting[] {
  if (space.constraints.length > 0 || space.mixtures.length > 0) return [];
  const end = (last: boolean): Setting =>
    Object.fromEntries(
      space.parameters.map((parameter) => {
        switch (parameter.kind) {
          case "categorical":
            return [parameter.name, parameter.choices.at(last ? -1 : 0) as string];
          case "ordinal":
            return [parameter.name, parameter.levels.at(last ? -1 : 0) as number];
          case "constant":
            return [parameter.name, parameter.value];
          default:
            return [parameter.name, last ? parameter.maximum : parameter.minimum];
        }
      }),
    );
  return [end(false), end(true)];
}
