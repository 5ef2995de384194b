import { type ExpressionType, quantityType } from "../../base/expression/dimension.ts";
import type { Fault } from "../../base/fault.ts";
import { toSi, unitOf } from "../../base/unit.ts";
import { checkFeasible } from "../../experiment/space/check-feasible.ts";
import type { Hypothesis } from "../../hypothesis/hypothesis.ts";
import type { Consumable, LoopDefinition } from "../../loop/definition.ts";
import type { SourceFile } from "../file/source-file.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { WrittenStep } from "../schema/step-schema.ts";
import { compileConstants } from "./constants.ts";
import { FaultCollector } from "./faults.ts";
import { compileDesign, compileGoal } from "./goal.ts";
import type { InstrumentCatalogue } from "./instrument-catalogue.ts";
import { compileLaws } from "./laws.ts";
import { compileMeasurements } from "./measurements.ts";
import { compileProcedure } from "./procedure.ts";
import { checkReach } from "./reach.ts";
import { compileParameters, compileSpace, parameterType } from "./space.ts";
import { readExpression, readQuantity, readSi } from "./values.ts";

/** A campaign file that was read and checked in full. */
export interface Campaign {
  readonly name: string;
  readonly description: string | undefined;
  readonly seed: number;
  readonly definition: LoopDefinition;
  /** Instrument of the lab for each role that the procedure uses. */
  readonly roles: Readonly<Record<string, string>>;
}

/** A campaign, or everything that is wrong with its file. */
export type CompiledCampaign =
  | { readonly kind: "campaign"; readonly campaign: Campaign }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** What a campaign is compiled from. */
export interface CampaignInput {
  readonly source: SourceFile;
  readonly file: WrittenCampaign;
  /** The procedure's steps: from the file, or from the module that it names. */
  readonly steps: readonly WrittenStep[];
  readonly catalogue: InstrumentCatalogue;
  /** Takes the place of the file's seed. */
  readonly seed?: number;
}

/** Failed experiments in a row after which a campaign that says nothing else gives up. */
const USUAL_FAILURES = 3;

/** Checks a campaign file against the lab's instruments and turns it into what the machines run. */
export function compileCampaign(input: CampaignInput): CompiledCampaign {
  const { source, file, catalogue } = input;
  const faults = new FaultCollector(source);
  const parameters = compileParameters(faults, file);
  const constants = compileConstants(faults, file);
  const scope = new Map<string, ExpressionType>([
    ...[...constants].map(
      ([name, { unit }]) => [name, quantityType(unit.dimension, unit.offset !== 0)] as const,
    ),
    ...parameters.map((parameter) => [parameter.name, parameterType(parameter)] as const),
  ]);
  const space = compileSpace(faults, file, parameters, { scope, constants });
  const procedure = compileProcedure({
    faults,
    steps: input.steps,
    path: Array.isArray(file.procedure) ? ["procedure"] : ["procedure", "module"],
    catalogue,
    roles: file.instruments ?? {},
    scope,
  });
  const seen = new Map([...scope, ...procedure.readings, ...procedure.computed]);
  const measurements = compileMeasurements(faults, file, seen);
  const units = new Map(measurements.map(({ name, unit }) => [name, unit]));
  const laws = compileLaws(faults, file, { scope, constants, units });
  const compiledGoal = compileGoal(faults, file, units);
  const consumables = compileConsumables(faults, file, scope);
  const time =
    file.budget.time === undefined
      ? undefined
      : readSi(faults, ["budget", "time"], file.budget.time, unitOf("s").dimension);
  if (compiledGoal === undefined || faults.faults.length > 0)
    return { kind: "faults", faults: faults.faults };

  const feasible = checkFeasible(space);
  if (feasible.kind === "infeasible") {
    faults.add(
      "campaign.infeasible",
      ["constraints"],
      feasible.message,
      "loosen one of these constraints, or widen the parameters' ranges",
    );
    return { kind: "faults", faults: faults.faults };
  }
  const values = Object.fromEntries(
    [...constants].map(([name, { value, unit }]) => [name, toSi(value, unit)]),
  );
  checkReach(faults, file, procedure.plan, space, values);
  const free = parameters.filter((parameter) => parameter.kind !== "constant");
  const design = compileDesign(faults, file, compiledGoal.goal, free.length);
  if (faults.faults.length > 0) return { kind: "faults", faults: faults.faults };
  const hypotheses: Hypothesis[] = [...laws, { kind: "surrogate", name: "surrogate" }];
  const definition: LoopDefinition = {
    problem: {
      space,
      measurements: measurements.map(({ name, unit, noise }) => ({
        name,
        unit: unit.symbol,
        ...(noise === undefined ? {} : { noise }),
      })),
      goal: compiledGoal.goal,
      hypotheses,
      design,
      seed: input.seed ?? file.seed ?? 1,
    },
    experiment: { parameters, constants: values, plan: procedure.plan },
    measurements,
    budget: {
      experiments: file.budget.experiments,
      consumables,
      ...(time === undefined ? {} : { milliseconds: time * 1000 }),
    },
    stop: compiledGoal.stop,
    batch: file.design?.batch ?? 1,
    failuresInARow: file.failures?.in_a_row ?? USUAL_FAILURES,
  };
  return {
    kind: "campaign",
    campaign: {
      name: file.name,
      description: file.description,
      seed: definition.problem.seed,
      definition,
      roles: procedure.roles,
    },
  };
}

function compileConsumables(
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
