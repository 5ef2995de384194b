import type { ChoiceTask } from "./choice-task.ts";
import { costFactor } from "./cost-factor.ts";
import { multiplied, nothingBut } from "./factor.ts";
import { limitsFactor } from "./limits-factor.ts";
import { keepsLimits, numbersOf } from "./outcome-limit.ts";
import { priorFactor } from "./prior-factor.ts";
import type { Valuation } from "./valuation.ts";
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
