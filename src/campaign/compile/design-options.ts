import { randomStream } from "../../base/random.ts";
import { type Cost, costOf } from "../../experiment/design/task/cost.ts";
import type { OptimumPrior } from "../../experiment/design/task/optimum-prior.ts";
import type { Design, Goal } from "../../experiment/design/task/problem.ts";
import { sampleFeasible } from "../../experiment/space/sample-feasible.ts";
import { settingLookup } from "../../experiment/space/settle.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import { type Constants, withConstants } from "./constants.ts";
import type { FaultCollector } from "./faults.ts";
import { compileOptimumPrior } from "./optimum-prior.ts";
import { parameterType, settingScope } from "./space.ts";
import { readExpression } from "./values.ts";

/** What the expressions of a design may use, and the settings that they are tried on. */
export interface DesignNames {
  readonly space: Space;
  readonly constants: Constants;
}

/** How settings are compared: acquisition, boldness, cost and prior of a design; what is wrong goes to the faults. */
export function compileDesignOptions(
  faults: FaultCollector,
  file: WrittenCampaign,
  goal: Goal,
  names: DesignNames,
): Pick<Design, "acquisition" | "boldness" | "cost" | "prior"> {
  const { acquisition, boldness, cost: writtenCost, prior: writtenPrior } = file.design ?? {};
  if (acquisition !== undefined) checkAcquisition(faults, file, goal);
  if (boldness !== undefined && acquisition !== undefined && acquisition !== "upper confidence bound")
    badDesign(faults, "boldness", `"${acquisition}" knows no boldness`, "take boldness out");
  if (writtenPrior !== undefined && goal.kind !== "optimise")
    badDesign(faults, "prior", "a prior of the optimum needs something to optimise", "take it out");
  const cost = writtenCost === undefined ? undefined : compileCost(faults, writtenCost, names);
  const prior = Object.entries(writtenPrior ?? {}).flatMap(([name, written]): [string, OptimumPrior][] => {
    const read = compileOptimumPrior(faults, name, written, names.space.parameters);
    return read === undefined ? [] : [[name, read]];
  });
  return {
    ...(acquisition === undefined ? {} : { acquisition }),
    ...(boldness === undefined ? {} : { boldness }),
    ...(cost === undefined ? {} : { cost }),
    ...(prior.length === 0 ? {} : { prior: Object.fromEntries(prior) }),
  };
}

function badDesign(faults: FaultCollector, key: string, message: string, advice: string): void {
  faults.add("campaign.bad-design", ["design", key], message, advice);
}

function checkAcquisition(faults: FaultCollector, file: WrittenCampaign, goal: Goal): void {
  const [only] = goal.kind === "optimise" ? goal.objectives : [];
  if (goal.kind !== "optimise" || goal.objectives.length > 1 || only === undefined) {
    const message = "an acquisition can be chosen where one measurement is optimised";
    badDesign(faults, "acquisition", message, "take it out: other goals have one of their own");
    return;
  }
  const rivals = Object.values(file.hypotheses ?? {}).some(({ predicts }) => predicts === only.measurement);
  if ((rivals || only.direction.kind === "target") && file.design?.acquisition !== "log expected improvement")
    badDesign(
      faults,
      "acquisition",
      rivals
        ? "where laws predict the measurement, expected improvement under all of them is the only acquisition"
        : "for a target, expected improvement is the only acquisition",
      "take it out",
    );
}

/** Settings whose cost is looked at. */
const TRIED = 64;

function compileCost(
  faults: FaultCollector,
  written: string | number,
  { space, constants }: DesignNames,
): Cost | undefined {
  const scope = settingScope(constants, space.parameters);
  for (const parameter of space.parameters) scope.set(`previous.${parameter.name}`, parameterType(parameter));
  const read = readExpression(faults, ["design", "cost"], written, scope, { kind: "anything" });
  if (read === undefined) return undefined;
  const cost = { expression: withConstants(read.expression, constants) };
  if (read.type.kind !== "quantity") {
    badDesign(faults, "cost", "a cost is a quantity", "write an expression that gives a number");
    return undefined;
  }
  const tried = sampleFeasible(space, TRIED, randomStream(1, 0, "cost"));
  const lookups = tried.map((setting) => settingLookup(space, setting));
  const bad = lookups.some((lookup, i) => {
    const previous = lookups[(i + 1) % lookups.length] as typeof lookup;
    return (
      !(costOf(cost, { own: lookup, previous }) > 0) || !(costOf(cost, { own: lookup, previous: lookup }) > 0)
    );
  });
  if (bad)
    badDesign(
      faults,
      "cost",
      "some experiments would cost nothing, or less",
      "add what every experiment costs, such as `5 min + …`",
    );
  return cost;
}
