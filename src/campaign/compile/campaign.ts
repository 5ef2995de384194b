import type { Fault } from "../../base/fault.ts";
import { toSi } from "../../base/unit.ts";
import { contextParameters } from "../../experiment/space/context.ts";
import { freeParameters } from "../../experiment/space/place-setting.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { Hypothesis } from "../../hypothesis/hypothesis.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { LinkedTables } from "../file/linked-tables.ts";
import type { SourceFile } from "../file/source-file.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { WrittenStep } from "../schema/step-schema.ts";
import { compileCandidates } from "./candidates.ts";
import { checkSpace } from "./check-space.ts";
import { compileConstants } from "./constants.ts";
import { checkConsumables, compileConsumables } from "./consumables.ts";
import { compileAsked, compileDoubts, compileFailures, compileSuspicion } from "./failure-policies.ts";
import { FaultCollector } from "./faults.ts";
import { compileDesign, compileGoal } from "./goal.ts";
import type { InstrumentCatalogue } from "./instrument-catalogue.ts";
import type { LabResources } from "./lab-resources.ts";
import { compileLaws } from "./laws.ts";
import { compileLimits } from "./limits.ts";
import { compileMeasurements } from "./measurements.ts";
import { candidatesNamed } from "./problem.ts";
import { compileProcedure } from "./procedure.ts";
import { checkReach } from "./reach.ts";
import { checkRoles } from "./roles.ts";
import { compileSharing } from "./sharing.ts";
import { compileParameters, compileSpace, settingScope } from "./space.ts";
import { compileSurrogate } from "./surrogate.ts";
import { warnUnused } from "./unused.ts";
import { readTime } from "./values.ts";

/** A campaign file that was read and checked in full. */
export interface Campaign {
  readonly name: string;
  readonly description: string | undefined;
  readonly seed: number;
  readonly definition: LoopDefinition;
  /** Instrument of the lab for each role that the procedure uses. */
  readonly roles: Readonly<Record<string, string>>;
  /** In a lab that is shared with other campaigns: greater goes first. */
  readonly priority: number;
  /** In a lab that is shared with others of the same priority: the time that it is due beside them. */
  readonly share: number;
  /** What is allowed but probably not meant. */
  readonly warnings: readonly Fault[];
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
  /** What experiments can hold besides instruments. */
  readonly shared?: LabResources;
  /** Tables that the file names. */
  readonly tables?: LinkedTables;
  /** Takes the place of the file's seed. */
  readonly seed?: number;
}

/** Failed experiments in a row after which a campaign that says nothing else gives up. */
const USUAL_FAILURES = 3;

/** Checks a campaign file against the lab's instruments and turns it into what the machines run. */
export function compileCampaign(input: CampaignInput): CompiledCampaign {
  const { source, file, catalogue, tables = new Map() } = input;
  const faults = new FaultCollector(source);
  const listed = candidatesNamed(file, tables);
  const parameters = compileParameters(faults, file, { tables, ...(listed && { candidates: listed }) });
  const constants = compileConstants(faults, file);
  const scope = settingScope(constants, parameters);
  const space = compileSpace(faults, file, parameters, { scope, constants });
  refuseContext(faults, space);
  checkRoles(faults, file, catalogue, input.steps);
  const procedure = compileProcedure({
    faults,
    steps: input.steps,
    path: Array.isArray(file.procedure) ? ["procedure"] : ["procedure", "module"],
    catalogue,
    roles: file.instruments ?? {},
    ...(input.shared && { shared: input.shared }),
    scope,
  });
  const seen = new Map([...scope, ...procedure.readings, ...procedure.computed]);
  const measurements = compileMeasurements(faults, file, seen);
  const units = new Map(measurements.map(({ name, unit }) => [name, unit]));
  const laws = compileLaws(faults, file, { scope, constants, units });
  const surrogate = compileSurrogate(faults, file, space);
  const limits = compileLimits(faults, file, units);
  const compiledGoal = compileGoal(faults, file, units);
  const consumables = compileConsumables(faults, file, scope);
  const time =
    file.budget.time === undefined ? undefined : readTime(faults, ["budget", "time"], file.budget.time);
  if (compiledGoal === undefined || faults.faults.length > 0)
    return { kind: "faults", faults: faults.faults };

  const candidates = listed && compileCandidates(faults, listed, space);
  // Where there are candidates, they show that something can be tried.
  if (candidates === undefined) checkSpace(faults, file, space);
  if (faults.faults.length > 0) return { kind: "faults", faults: faults.faults };
  const values = Object.fromEntries(
    [...constants].map(([name, { value, unit }]) => [name, toSi(value, unit)]),
  );
  const { plan, places } = procedure;
  const doubts = compileDoubts(faults, file, plan);
  const atFailure = compileFailures(faults, file, plan);
  const asked = compileAsked(faults, file);
  const suspicion = compileSuspicion(faults, file, plan);
  checkReach(faults, { plan, space, constants: values, places, ...(candidates && { candidates }) });
  const stock = {
    consumables,
    space,
    constants: values,
    experiments: file.budget.experiments,
    ...(candidates && { candidates }),
  };
  checkConsumables(faults, stock);
  const design = compileDesign(faults, file, compiledGoal.goal, {
    dimension: freeParameters(space).length,
    listed: candidates !== undefined,
    names: { space, constants },
  });
  if (faults.faults.length > 0) return { kind: "faults", faults: faults.faults };
  warnUnused(faults, { parameters: space.parameters, plan, measurements, laws, consumables });
  const hypotheses: Hypothesis[] = [...laws, surrogate];
  const sharing = compileSharing(faults, file, { plan, roles: procedure.roles, shared: input.shared });
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
      ...(limits.length > 0 && { limits }),
      ...(candidates && { candidates }),
      seed: input.seed ?? file.seed ?? 1,
    },
    experiment: {
      parameters: space.parameters,
      constants: values,
      plan: procedure.plan,
      ...(sharing && { sharing }),
    },
    measurements,
    budget: {
      experiments: file.budget.experiments,
      consumables,
      ...(time === undefined ? {} : { milliseconds: time }),
    },
    stop: compiledGoal.stop,
    batch: file.design?.batch ?? 1,
    failuresInARow: file.failures?.in_a_row ?? USUAL_FAILURES,
    doubts,
    atFailure,
    suspicion,
    ...(asked && { asked }),
  };
  return {
    kind: "campaign",
    campaign: {
      name: file.name,
      description: file.description,
      seed: definition.problem.seed,
      definition,
      roles: procedure.roles,
      priority: file.priority ?? 0,
      share: file.share ?? 1,
      warnings: faults.warnings,
    },
  };
}

/** A procedure has no step that would observe the context. */
function refuseContext(faults: FaultCollector, space: Space): void {
  for (const { name } of contextParameters(space))
    faults.add(
      "campaign.no-context",
      ["parameters", name, "context"],
      `"${name}" is context, which is known only to \`labloop suggest\` and the library, not to a procedure`,
      "take `context` out to have it chosen, or ask `labloop suggest` for settings",
    );
}
