import { type ExpressionType, quantityType } from "../../base/expression/dimension.ts";
import type { Fault } from "../../base/fault.ts";
import type { Problem } from "../../experiment/design/problem.ts";
import { freeParameters } from "../../experiment/space/place-setting.ts";
import type { SourceFile } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenQuestion } from "../schema/campaign-schema.ts";
import { checkSpace } from "./check-space.ts";
import { compileConstants } from "./constants.ts";
import { FaultCollector } from "./faults.ts";
import { compileDesign, compileGoal } from "./goal.ts";
import { compileLaws } from "./laws.ts";
import { compileMeasuredQuantities } from "./measurements.ts";
import { compileParameters, compileSpace, parameterType } from "./space.ts";

/** What decisions depend on, or everything that is wrong with it. */
export type CompiledProblem =
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** Experiments that a start is planned for where no budget is given. */
const USUAL_BUDGET = 60;

/** Compiles what decisions depend on; procedure, instruments and the rest of a campaign are left aside. */
export function compileProblem(
  source: SourceFile,
  question: WrittenQuestion,
  seed: number | undefined,
): CompiledProblem {
  const faults = new FaultCollector(source);
  const file = { budget: { experiments: USUAL_BUDGET }, ...question } as unknown as WrittenCampaign;
  const parameters = compileParameters(faults, file);
  const constants = compileConstants(faults, file);
  const scope = new Map<string, ExpressionType>([
    ...[...constants].map(
      ([name, { unit }]) => [name, quantityType(unit.dimension, unit.offset !== 0)] as const,
    ),
    ...parameters.map((parameter) => [parameter.name, parameterType(parameter)] as const),
  ]);
  const space = compileSpace(faults, file, parameters, { scope, constants });
  const measurements = compileMeasuredQuantities(faults, question.measurements);
  const units = new Map(measurements.map(({ name, unit }) => [name, unit]));
  const laws = compileLaws(faults, file, { scope, constants, units });
  const goal = compileGoal(faults, file, units)?.goal;
  if (goal === undefined || faults.faults.length > 0) return { kind: "faults", faults: faults.faults };
  checkSpace(faults, file, space);
  const design = compileDesign(faults, file, goal, freeParameters(space).length);
  if (faults.faults.length > 0) return { kind: "faults", faults: faults.faults };
  const problem: Problem = {
    space,
    measurements: measurements.map(({ name, unit, noise }) => ({
      name,
      unit: unit.symbol,
      ...(noise === undefined ? {} : { noise }),
    })),
    goal,
    hypotheses: [...laws, { kind: "surrogate", name: "surrogate" }],
    design,
    seed: seed ?? question.seed ?? 1,
  };
  return { kind: "problem", problem };
}
