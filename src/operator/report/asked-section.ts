import type { Goal, Objective } from "../../experiment/design/task/problem.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import type { LoopDefinition, StopRule } from "../../loop/definition.ts";
import { describeDuration, short, shortQuantity } from "../cli/describe.ts";
import { type Markup, markup } from "./markup.ts";
import { factTable, headedTable } from "./table.ts";
import type { ToldCampaign } from "./told-campaign.ts";

/** What was to be found out: goal, parameters, budget, stop rules, hypotheses. */
export function askedSection({ loaded, written }: ToldCampaign): Markup {
  const { definition } = loaded.campaign;
  const { budget, stop, problem } = definition;
  const budgets = [
    `${budget.experiments} experiments`,
    ...(budget.milliseconds === undefined ? [] : [describeDuration(budget.milliseconds)]),
    ...Object.entries(written.budget.consumables ?? {}).map(
      ([name, { available }]) => `${available} of ${name}`,
    ),
  ];
  const constraints = problem.space.constraints.map(({ text }) => text);
  return markup`<h2>What was asked</h2>
${factTable([
  ["goal", describeGoal(problem.goal, definition)],
  ["limits", (problem.limits ?? []).map((limit) => describeLimit(limit, definition)).join("; ")],
  ["budget", budgets.join(", ")],
  ["ends early", stop.map((rule) => describeStop(rule, definition)).join("; ")],
  ["constraints", constraints.join("; ")],
  [
    "candidates",
    problem.candidates && `only the ${problem.candidates.length} settings of ${written.candidates}`,
  ],
  ["owner", written.owner],
])}
<h3>Parameters</h3>
${headedTable(["parameter", "range", "unit"], definition.experiment.parameters.map(parameterRow))}
<h3>Measurements and hypotheses</h3>
${headedTable(
  ["measurement", "is", "unit", "noise (1 sd)"],
  definition.measurements.map(({ name, unit, noise }) => {
    const expression = String(written.measurements[name]?.expression ?? "").trim();
    return [name, expression, unit.symbol, noise === undefined ? "unknown" : short(noise)];
  }),
)}
${hypothesesTable(written)}`;
}

function hypothesesTable({ hypotheses = {} }: ToldCampaign["written"]): Markup {
  const rows = Object.entries(hypotheses).map(([name, { predicts, expression, priors }]) => {
    const unknowns = Object.entries(priors).map(([unknown, prior]) => `${unknown} ~ ${prior}`);
    return [name, predicts, String(expression).trim(), unknowns.join("; ")];
  });
  return rows.length === 0
    ? markup`<p>There are no rival laws: a surrogate (Gaussian process) stands for whatever the process does.</p>`
    : headedTable(["hypothesis", "predicts", "law", "known before"], rows);
}

function parameterRow(parameter: Parameter): string[] {
  const context = "context" in parameter && parameter.context ? " (observed, not chosen)" : "";
  switch (parameter.kind) {
    case "categorical":
      return [parameter.name, parameter.choices.join(", ") + context, ""];
    case "ordinal":
      return [parameter.name, parameter.levels.map(short).join(", ") + context, unitText(parameter.unit)];
    case "constant":
      return [parameter.name, `${short(parameter.value)}, always`, unitText(parameter.unit)];
    case "stepped":
      return [
        parameter.name,
        `${range(parameter)} in steps of ${short(parameter.step)}${context}`,
        unitText(parameter.unit),
      ];
    case "integer":
    case "continuous": {
      const kind = parameter.kind === "integer" ? ", whole" : "";
      const scale = parameter.scale === "log" ? ", logarithmic" : "";
      return [parameter.name, `${range(parameter)}${kind}${scale}${context}`, unitText(parameter.unit)];
    }
  }
}

function range({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }): string {
  return `${short(minimum)} to ${short(maximum)}`;
}

function unitText(unit: string): string {
  return unit === "1" ? "" : unit;
}

/** What a campaign is after, in words. */
export function describeGoal(goal: Goal, definition: LoopDefinition): string {
  switch (goal.kind) {
    case "optimise":
      return goal.objectives.map((each) => describeObjective(each, definition)).join(", and ");
    case "discriminate":
      return `tell which hypothesis about ${goal.measurement} is right`;
    case "explore":
      return `learn what ${goal.measurement} is everywhere`;
    case "boundary":
      return `find where ${goal.measurement} crosses ${inUnit(goal.value, goal.measurement, definition)}`;
  }
}

function describeObjective({ measurement, direction }: Objective, definition: LoopDefinition): string {
  return direction.kind === "target"
    ? `bring ${measurement} to ${inUnit(direction.value, measurement, definition)}`
    : `${direction.kind} ${measurement}`;
}

/** A limit of a measurement, in words. */
export function describeLimit(
  { measurement, atLeast, atMost }: { measurement: string; atLeast?: number; atMost?: number },
  definition: LoopDefinition,
): string {
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${inUnit(atLeast, measurement, definition)}`]),
    ...(atMost === undefined ? [] : [`at most ${inUnit(atMost, measurement, definition)}`]),
  ];
  return `${measurement} ${parts.join(" and ")}`;
}

function describeStop(rule: StopRule, definition: LoopDefinition): string {
  switch (rule.kind) {
    case "goal reached":
      return `when ${rule.limits.map((each) => describeLimit(each, definition)).join(" and ")}`;
    case "decided":
      return `when ${rule.hypothesis ?? "one law"} has ${short(100 * rule.weight)} % of the weight`;
    case "no gain":
      return `when ${rule.over} experiments gained less than ${short(rule.lessThan)}`;
  }
}

/** A value of a measurement with its unit. */
export function inUnit(value: number, measurement: string, definition: LoopDefinition): string {
  return shortQuantity(value, unitOf(measurement, definition));
}

/** The unit of a measurement. */
export function unitOf(measurement: string, { measurements }: LoopDefinition): string {
  return measurements.find(({ name }) => name === measurement)?.unit.symbol ?? "1";
}
