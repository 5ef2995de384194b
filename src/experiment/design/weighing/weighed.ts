import type { Valuation } from "../acquisition/valuation.ts";
import type { ChoiceTask } from "../model/choice-task.ts";
import { keepsLimits, numbersOf } from "../task/outcome-limit.ts";
import { costFactor } from "./cost-factor.ts";
import { multiplied, nothingBut } from "./factor.ts";
import { limitsFactor } from "./limits-factor.ts";
import { priorFactor } from "./prior-factor.ts";
import { whereViable } from "./viability-factor.ts";

/**
 * Weighs what settings are worth by the probability that they keep the limits, by where the optimum is expected, and by
 * what they cost. While no experiment has kept the limits, that probability is all they are worth.
 *
 * @param value - values settings without these
 */
export function weighed(task: ChoiceTask, value: () => Valuation | undefined): Valuation | undefined {
  const limits = limitsFactor(task);
  const valuation = limits !== undefined && !anyKeepsLimits(task) ? keeping(task) : value();
  if (valuation === undefined) return undefined;
  const prior = task.problem.goal.kind === "optimise" ? priorFactor(task) : undefined;
  let { acquisition } = valuation;
  for (const factor of [limits, prior, costFactor(task)])
    if (factor !== undefined) acquisition = multiplied(acquisition, factor);
  return { ...valuation, acquisition };
}

function anyKeepsLimits({ problem, data }: ChoiceTask): boolean {
  const { limits = [] } = problem;
  return data.some(({ outcome }) => outcome.kind === "measured" && keepsLimits(limits, numbersOf(outcome)));
}

function keeping(task: ChoiceTask): Valuation {
  return { acquisition: whereViable(task, nothingBut("probability of keeping the limits")) };
}
