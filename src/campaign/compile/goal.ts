import { suggest } from "../../base/suggest.ts";
import { DIMENSIONLESS, type Unit } from "../../base/unit.ts";
import type { Design, Goal, Objective } from "../../experiment/design/task/problem.ts";
import type { StopRule } from "../../loop/definition.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenGoal } from "../schema/campaign-schema.ts";
import { compileDesignOptions, type DesignNames } from "./design-options.ts";
import type { FaultCollector } from "./faults.ts";
import { readIn, readSi } from "./values.ts";

/** The goal of a campaign file, and the stop rules that follow from it and from `stop`. */
export interface CompiledGoal {
  readonly goal: Goal;
  readonly stop: readonly StopRule[];
}

type Limit = Extract<StopRule, { kind: "goal reached" }>["limits"][number];

/** Compiles goal and stop rules; undefined, and faults, when they don't fit. */
export function compileGoal(
  faults: FaultCollector,
  file: WrittenCampaign,
  units: ReadonlyMap<string, Unit>,
): CompiledGoal | undefined {
  const several = Array.isArray(file.goal);
  const written = (several ? file.goal : [file.goal]) as readonly WrittenGoal[];
  const objectives: Objective[] = [];
  const limits: Limit[] = [];
  let other: Goal | undefined;
  for (const [i, goal] of written.entries()) {
    const path: Path = several ? ["goal", i] : ["goal"];
    const [key, measurement] = subject(goal);
    const unit = units.get(measurement);
    if (unit === undefined) {
      noMeasurement(faults, [...path, key], measurement, units);
    } else if ("boundary" in goal) {
      const value = readIn(faults, [...path, "value"], goal.value, unit);
      if (value !== undefined) other = { kind: "boundary", measurement, value };
    } else if ("discriminate" in goal || "explore" in goal) {
      other = { kind: "discriminate" in goal ? "discriminate" : "explore", measurement };
      if ("discriminate" in goal) requireLaw(faults, file, [...path, key], measurement);
    } else if (objectives.some((objective) => objective.measurement === measurement)) {
      faults.add(
        "campaign.bad-goal",
        [...path, key],
        `"${measurement}" is an objective twice`,
        "take one of them out",
      );
    } else {
      const compiled = compileObjective(faults, path, goal, measurement, unit);
      if (compiled === undefined) continue;
      objectives.push(compiled.objective);
      if (compiled.limit !== undefined) limits.push(compiled.limit);
    }
  }
  if (other !== undefined && written.length > 1) {
    faults.add(
      "campaign.bad-goal",
      ["goal"],
      "a goal of this kind stands alone",
      "give one goal, or several to optimise",
    );
  }
  const stop = compileStop(faults, file, units, objectives);
  // Every objective that says when it is enough has to be.
  if (limits.length > 0) stop.unshift({ kind: "goal reached", limits });
  const goal = other ?? (objectives.length > 0 ? ({ kind: "optimise", objectives } as const) : undefined);
  return goal === undefined ? undefined : { goal, stop };
}

function subject(goal: WrittenGoal): [key: string, measurement: string] {
  for (const key of ["minimise", "maximise", "target", "discriminate", "explore", "boundary"] as const) {
    if (key in goal) return [key, (goal as Record<string, string>)[key] as string];
  }
  throw new TypeError("a goal of no known kind passed the schema");
}

function compileObjective(
  faults: FaultCollector,
  path: Path,
  goal: Extract<WrittenGoal, { minimise: string } | { maximise: string } | { target: string }>,
  measurement: string,
  unit: Unit,
): { objective: Objective; limit?: Limit } | undefined {
  if ("target" in goal) {
    const value = readIn(faults, [...path, "value"], goal.value, unit);
    if (value === undefined) return undefined;
    const objective: Objective = { measurement, direction: { kind: "target", value } };
    const within =
      goal.within === undefined ? undefined : readIn(faults, [...path, "within"], goal.within, unit, true);
    return within === undefined
      ? { objective }
      : { objective, limit: { measurement, atLeast: value - within, atMost: value + within } };
  }
  const kind = "minimise" in goal ? "minimise" : "maximise";
  const reference =
    goal.reference === undefined ? undefined : readIn(faults, [...path, "reference"], goal.reference, unit);
  const objective: Objective = {
    measurement,
    direction: { kind },
    ...(reference === undefined ? {} : { reference }),
  };
  const enough =
    goal.enough === undefined ? undefined : readIn(faults, [...path, "enough"], goal.enough, unit);
  if (enough === undefined) return { objective };
  return {
    objective,
    limit: kind === "minimise" ? { measurement, atMost: enough } : { measurement, atLeast: enough },
  };
}

function compileStop(
  faults: FaultCollector,
  file: WrittenCampaign,
  units: ReadonlyMap<string, Unit>,
  objectives: readonly Objective[],
): StopRule[] {
  return (file.stop ?? []).flatMap((written, i): StopRule[] => {
    const path: Path = ["stop", i];
    if ("decided" in written) {
      const weight = readSi(faults, [...path, "decided"], written.decided, DIMENSIONLESS);
      const hypotheses = Object.keys(file.hypotheses ?? {});
      if (hypotheses.length === 0)
        faults.add(
          "campaign.no-hypothesis",
          [...path, "decided"],
          "nothing can be decided: this campaign has no hypotheses",
          "add `hypotheses:`, or take this rule out",
        );
      else if (written.hypothesis !== undefined && !hypotheses.includes(written.hypothesis))
        faults.add(
          "campaign.no-hypothesis",
          [...path, "hypothesis"],
          `"${written.hypothesis}" is no hypothesis of this campaign`,
          suggest(written.hypothesis, hypotheses, "its hypotheses"),
        );
      if (weight === undefined) return [];
      if (!(weight > 0 && weight < 1))
        faults.add(
          "campaign.bad-goal",
          [...path, "decided"],
          "a weight that decides is between 0 and 100 %",
          "write a weight such as 99 %",
        );
      return [
        {
          kind: "decided",
          weight,
          ...(written.hypothesis === undefined ? {} : { hypothesis: written.hypothesis }),
        },
      ];
    }
    const { over, less_than } = written.no_gain;
    const [objective] = objectives;
    const unit = objective === undefined ? undefined : units.get(objective.measurement);
    if (unit === undefined) {
      faults.add(
        "campaign.bad-goal",
        [...path, "no_gain"],
        "`no_gain` needs something to optimise",
        "take this rule out, or give a goal with minimise, maximise or target",
      );
      return [];
    }
    const lessThan = readIn(faults, [...path, "no_gain", "less_than"], less_than, unit, true);
    return lessThan === undefined ? [] : [{ kind: "no gain", over, lessThan }];
  });
}

/**
 * Experiments of a start on a list. On tables of real experiments three or five of them find equally many of the best rows
 * (2.14 and 2.17 times as early as in random order), and five end nearer to the best one and mislead less on short lists.
 */
export const START_ON_LIST = 5;

/** How settings are chosen: the file's wish, or what suits the goal. */
export function compileDesign(
  faults: FaultCollector,
  file: WrittenCampaign,
  goal: Goal,
  {
    dimension,
    listed,
    names,
  }: { readonly dimension: number; readonly listed: boolean; readonly names?: DesignNames },
): Design {
  const { design } = file;
  const share =
    design?.discriminate === undefined
      ? undefined
      : readSi(faults, ["design", "discriminate"], design.discriminate, DIMENSIONLESS);
  if (share !== undefined && !(share >= 0 && share <= 1))
    faults.add(
      "campaign.bad-design",
      ["design", "discriminate"],
      "the share of decisions is between 0 and 100 %",
      "write a share such as 20 %",
    );
  if (share !== undefined && share > 0)
    requireLaw(faults, file, ["design", "discriminate"], measurementsOf(goal)[0]);
  if (design?.then === "discriminate") requireLaw(faults, file, ["design", "then"], measurementsOf(goal)[0]);
  const count = design?.first?.count ?? 0;
  if (count > file.budget.experiments)
    faults.warn(
      "campaign.start-over-budget",
      ["design", "first", "count"],
      `the start takes ${count} experiments, but the budget ends after ${file.budget.experiments}`,
      "the campaign would end before it has learned anything: make the start smaller or the budget larger",
    );
  return {
    first: {
      method: design?.first?.method ?? "sobol",
      count: design?.first?.count ?? usualStart(file, dimension, listed),
    },
    // Where the goal is a boundary, to do what the goal says is to look for it.
    then: design?.then ?? (goal.kind === "boundary" ? "optimise" : goal.kind),
    ...(share === undefined ? {} : { discriminate: share }),
    ...(names && compileDesignOptions(faults, file, goal, names)),
  };
}

/** Enough to see every direction once or twice, and never the whole budget. */
function usualStart({ budget }: WrittenCampaign, dimension: number, listed: boolean): number {
  const most = Math.ceil(budget.experiments / 3);
  return listed ? Math.max(2, Math.min(START_ON_LIST, most)) : Math.max(2, Math.min(2 * dimension, most));
}

function measurementsOf(goal: Goal): string[] {
  return goal.kind === "optimise"
    ? goal.objectives.map(({ measurement }) => measurement)
    : [goal.measurement];
}

/** Hypotheses can only be told apart where there are some: the surrogate alone has no rival. */
function requireLaw(
  faults: FaultCollector,
  file: WrittenCampaign,
  path: Path,
  measurement: string | undefined,
): void {
  const laws = Object.values(file.hypotheses ?? {});
  if (laws.some(({ predicts }) => measurement === undefined || predicts === measurement)) return;
  faults.add(
    "campaign.no-hypothesis",
    path,
    laws.length === 0
      ? "there is nothing to tell apart: this campaign has no hypotheses"
      : `there is nothing to tell apart: no hypothesis predicts "${measurement}"`,
    "add rival laws under `hypotheses:`, or choose another goal",
  );
}

/** A measurement that nobody defined; one that is defined wrongly is told at its own place. */
export function noMeasurement(
  faults: FaultCollector,
  path: Path,
  measurement: string,
  units: ReadonlyMap<string, Unit>,
): void {
  if (faults.isGivenUp(measurement)) return;
  faults.add(
    "campaign.no-measurement",
    path,
    `"${measurement}" is no measurement of this campaign`,
    suggest(measurement, [...units.keys()], "its measurements"),
  );
}
