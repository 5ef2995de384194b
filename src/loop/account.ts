import { evaluate } from "../base/expression/evaluate.ts";
import { keepsLimits } from "../experiment/design/task/outcome-limit.ts";
import type { Objective } from "../experiment/design/task/problem.ts";
import type { Setting } from "../hypothesis/parameter.ts";
import type { BeliefReport } from "../update/explain/belief-report.ts";
import type { LoopDefinition, StopRule } from "./definition.ts";
import type { Best, ConcludedReason, WithheldResult } from "./event.ts";
import { settingValues } from "./experiment-machine.ts";

/** What a campaign counts to know when it has to end. */
export interface Account {
  readonly startedAt: number;
  /** Experiments that ended with a measurement, without one, and refused by review. */
  readonly measured: number;
  readonly failed: number;
  readonly refused: number;
  readonly failuresInARow: number;
  readonly refusalsInARow: number;
  /** Used so far, by name, in coherent SI units. */
  readonly used: Readonly<Record<string, number>>;
  readonly best: (Best & { readonly score: number }) | null;
  /** The score from which gain is counted, and the experiment that reached it. */
  readonly gainFrom: { readonly score: number; readonly measured: number } | null;
  readonly reached: boolean;
  readonly decided: boolean;
}

/** The account before the first experiment. */
export function openAccount(startedAt: number): Account {
  return {
    startedAt,
    measured: 0,
    failed: 0,
    refused: 0,
    failuresInARow: 0,
    refusalsInARow: 0,
    used: {},
    best: null,
    gainFrom: null,
    reached: false,
    decided: false,
  };
}

/** Books what an experiment is about to use up. */
export function bookUse(account: Account, definition: LoopDefinition, setting: Setting): Account {
  const { consumables } = definition.budget;
  if (consumables.length === 0) return account;
  const use = useOf(definition, setting);
  const used = { ...account.used };
  for (const { name } of consumables) used[name] = (used[name] ?? 0) + (use[name] as number);
  return { ...account, used };
}

/** Whether what is left suffices for an experiment; the name of what does not. */
export function missingConsumable(
  account: Account,
  definition: LoopDefinition,
  setting: Setting,
): string | undefined {
  const use = useOf(definition, setting);
  // A relative tolerance of rounding: ten uses of a tenth are not more than the whole.
  return definition.budget.consumables.find(
    ({ name, available }) => (account.used[name] ?? 0) + (use[name] as number) > available * (1 + 1e-9),
  )?.name;
}

function useOf(definition: LoopDefinition, setting: Setting): Record<string, number> {
  const values = {
    ...definition.experiment.constants,
    ...settingValues(definition.experiment.parameters, setting),
  };
  return Object.fromEntries(
    definition.budget.consumables.map(({ name, perExperiment }) => [
      name,
      evaluate(perExperiment, (each) => values[each]),
    ]),
  );
}

/** Books a measurement: the best so far, the gain and whether the goal is reached. */
export function bookMeasurement(
  account: Account,
  definition: LoopDefinition,
  event: WithheldResult,
): Account {
  const outcome = Object.fromEntries(Object.entries(event.values).map(([name, { value }]) => [name, value]));
  const booked = { ...account, measured: account.measured + 1, failuresInARow: 0, refusalsInARow: 0 };
  const { goal, limits = [] } = definition.problem;
  if (goal.kind !== "optimise") return booked;
  // What breaks a limit is no gain, and never the best.
  if (!keepsLimits(limits, outcome)) return booked;
  const score = scoreOf(goal.objectives, outcome);
  const reached = account.reached || goalReached(definition.stop, outcome);
  const better = account.best === null || score > account.best.score;
  const best = better
    ? { experiment: event.experiment, setting: event.setting, outcome, score }
    : account.best;
  return {
    ...booked,
    reached,
    best,
    gainFrom: gain(account, definition.stop, best?.score ?? score, booked.measured),
  };
}

/** Books what the belief has become. */
export function bookBelief(account: Account, definition: LoopDefinition, report: BeliefReport): Account {
  const rule = definition.stop.find((each) => each.kind === "decided");
  if (rule === undefined) return account;
  const laws = new Set(
    definition.problem.hypotheses.flatMap(({ name, kind }) => (kind === "law" ? [name] : [])),
  );
  const decided = report.movements.some(
    ({ name, weightAfter }) =>
      laws.has(name) &&
      weightAfter >= rule.weight &&
      (rule.hypothesis === undefined || rule.hypothesis === name),
  );
  return { ...account, decided };
}

/** Larger is better: the objective, or the sum of several on their own scales. */
export function scoreOf(objectives: readonly Objective[], outcome: Readonly<Record<string, number>>): number {
  let score = 0;
  for (const { measurement, direction } of objectives) {
    const value = outcome[measurement] ?? Number.NaN;
    if (direction.kind === "maximise") score += value;
    else score -= direction.kind === "minimise" ? value : Math.abs(value - direction.value);
  }
  return score;
}

function goalReached(rules: readonly StopRule[], outcome: Readonly<Record<string, number>>): boolean {
  return rules.some(
    (rule) =>
      rule.kind === "goal reached" &&
      rule.limits.every(({ measurement, atMost = Infinity, atLeast = -Infinity }) => {
        const value = outcome[measurement];
        return value !== undefined && value <= atMost && value >= atLeast;
      }),
  );
}

function gain(
  account: Account,
  rules: readonly StopRule[],
  score: number,
  measured: number,
): Account["gainFrom"] {
  const rule = rules.find((each) => each.kind === "no gain");
  if (rule === undefined) return null;
  const from = account.gainFrom;
  return from === null || score - from.score >= rule.lessThan ? { score, measured } : from;
}

/** Why the campaign has to end before its next experiment, if it has to. */
export function reasonToEnd(
  account: Account,
  definition: LoopDefinition,
  now: number,
): ConcludedReason | null {
  const { budget, stop, failuresInARow } = definition;
  if (account.reached) return "goal reached";
  if (account.decided) return "hypothesis decided";
  if (account.failuresInARow >= failuresInARow) return "too many failures";
  const noGain = stop.find((rule) => rule.kind === "no gain");
  if (
    noGain !== undefined &&
    account.gainFrom !== null &&
    account.measured - account.gainFrom.measured >= noGain.over
  ) {
    return "no more gain";
  }
  if (account.measured + account.failed >= budget.experiments) return "budget of experiments used";
  if (budget.milliseconds !== undefined && now - account.startedAt >= budget.milliseconds)
    return "budget of time used";
  if (account.refusalsInARow >= MOST_REFUSALS) return "nothing left to try";
  return null;
}

/** Suggestions refused one after the other after which there is nothing left to try. */
const MOST_REFUSALS = 25;

/** Whether something was measured, but nothing within the limits of the campaign. */
export function nothingWithinLimits({ best, measured }: Account, { problem }: LoopDefinition): boolean {
  return (
    problem.goal.kind === "optimise" && best === null && measured > 0 && (problem.limits ?? []).length > 0
  );
}
