import type { Fault } from "../../base/fault.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import { freeParameters } from "../../experiment/space/place-setting.ts";
import type { LinkedTables } from "../file/linked-tables.ts";
import type { SourceFile } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenQuestion } from "../schema/campaign-schema.ts";
import { type CandidateSource, candidatesInTable } from "./candidate-source.ts";
import { compileCandidates } from "./candidates.ts";
import { checkSpace } from "./check-space.ts";
import { compileConstants } from "./constants.ts";
import { FaultCollector } from "./faults.ts";
import { compileDesign, compileGoal } from "./goal.ts";
import { compileLaws } from "./laws.ts";
import { compileLimits } from "./limits.ts";
import { compileMeasuredQuantities } from "./measurements.ts";
import { compileParameters, compileSpace, settingScope } from "./space.ts";
import { compileSurrogate } from "./surrogate.ts";

/** What decisions depend on, or everything that is wrong with it. */
export type CompiledProblem =
  | {
      readonly kind: "problem";
      readonly problem: Problem;
      /** What is allowed but probably not meant. */
      readonly warnings: readonly Fault[];
    }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** Experiments that a start is planned for where no budget is given. */
const USUAL_BUDGET = 60;

/** What a question is compiled with that lies outside of it. */
export interface ProblemInput {
  /** Takes the place of the question's seed. */
  readonly seed?: number;
  /** Tables that the question names. */
  readonly tables?: LinkedTables;
  /** Candidates that a program gives. */
  readonly candidates?: CandidateSource;
}

/** Compiles what decisions depend on; procedure, instruments and the rest of a campaign are left aside. */
export function compileProblem(
  source: SourceFile,
  question: WrittenQuestion,
  { seed, tables = new Map(), candidates: given }: ProblemInput = {},
): CompiledProblem {
  const faults = new FaultCollector(source);
  const file = { budget: { experiments: USUAL_BUDGET }, ...question } as unknown as WrittenCampaign;
  const listed = given ?? candidatesNamed(file, tables);
  const parameters = compileParameters(faults, file, { tables, ...(listed && { candidates: listed }) });
  const constants = compileConstants(faults, file);
  const scope = settingScope(constants, parameters);
  const space = compileSpace(faults, file, parameters, { scope, constants });
  const measurements = compileMeasuredQuantities(faults, question.measurements);
  const units = new Map(measurements.map(({ name, unit }) => [name, unit]));
  const laws = compileLaws(faults, file, { scope, constants, units });
  const surrogate = compileSurrogate(faults, file, space);
  const limits = compileLimits(faults, file, units);
  const goal = compileGoal(faults, file, units)?.goal;
  if (goal === undefined || faults.faults.length > 0) return { kind: "faults", faults: faults.faults };
  const candidates = listed && compileCandidates(faults, listed, space);
  // Where there are candidates, they show that something can be tried.
  if (candidates === undefined) checkSpace(faults, file, space);
  const design = compileDesign(faults, file, goal, {
    dimension: freeParameters(space).length,
    listed: candidates !== undefined,
    names: { space, constants },
  });
  if (faults.faults.length > 0) return { kind: "faults", faults: faults.faults };
  const problem: Problem = {
    space,
    measurements: measurements.map(({ name, unit, noise }) => ({
      name,
      unit: unit.symbol,
      ...(noise === undefined ? {} : { noise }),
    })),
    goal,
    hypotheses: [...laws, surrogate],
    design,
    ...(limits.length > 0 && { limits }),
    ...(candidates && { candidates }),
    seed: seed ?? question.seed ?? 1,
  };
  const assumed = question.budget === undefined;
  return {
    kind: "problem",
    problem,
    warnings: faults.warnings.filter(({ code }) => !assumed || code !== "campaign.start-over-budget"),
  };
}

/** The candidates of a table that a file names. */
export function candidatesNamed(
  { candidates }: Pick<WrittenCampaign, "candidates">,
  tables: LinkedTables,
): CandidateSource | undefined {
  const table = candidates === undefined ? undefined : tables.get(candidates);
  return table && candidatesInTable(table);
}
