import { keepsLimits, numbersOf } from "../../experiment/design/task/outcome-limit.ts";
import { objectivesOf } from "../../experiment/design/task/problem.ts";
import type { Explanation } from "../../experiment/explain/explanation.ts";
import { nothingWithinLimits } from "../../loop/account.ts";
import { describeSetting, describeShare, describeValues, short, shortQuantity } from "../cli/describe.ts";
import { describeLimit, inUnit } from "./asked-section.ts";
import { beliefFigure, dependenceFigures, frontFigure, frontOf, progressFigure } from "./figures.ts";
import { type Markup, markup } from "./markup.ts";
import { factTable, headedTable } from "./table.ts";
import type { ToldCampaign } from "./told-campaign.ts";

/** What was found out, with its uncertainty. */
export function foundSection(told: ToldCampaign): Markup {
  const { definition } = told.loaded.campaign;
  const { goal, measurements } = definition.problem;
  const names =
    goal.kind === "optimise" ? goal.objectives.map((each) => each.measurement) : [goal.measurement];
  return markup`<h2>What was found</h2>
${factTable([
  ["best measured", bestText(told)],
  ["believed best", optimumText(told)],
  ["within limits", limitsText(told)],
  ...(goal.kind === "discriminate"
    ? []
    : told.explanations.map((each) => [each.measurement, explanationText(each, told)] as const)),
])}
${names.map((name) => progressFigure(definition, told.records, name))}
${frontPart(told)}
${beliefPart(told)}
${measurements.map(({ name }) => beliefFigure(told.records, name))}
${goal.kind === "discriminate" ? undefined : told.explanations.map((each) => mattersPart(each, told))}`;
}

/** The best result in words; undefined where a goal has none. */
export function bestText({ loaded, account, records }: ToldCampaign): string | undefined {
  const { definition } = loaded.campaign;
  if (nothingWithinLimits(account, definition)) return "no result is within the limits";
  const { best } = account;
  if (best === null)
    return definition.problem.goal.kind === "optimise" ? "nothing has been measured yet" : undefined;
  const values = records[best.experiment - 1]?.values ?? {};
  return `${describeValues(values)} with ${describeSetting(best.setting, definition.experiment.parameters)} (experiment ${best.experiment})`;
}

function optimumText({ optimum, loaded }: ToldCampaign): string | undefined {
  if (optimum === undefined) return undefined;
  const { definition } = loaded.campaign;
  const { measurement, forecast, setting, among, tried } = optimum;
  const { mean, lower, upper } = forecast;
  return `${measurement} ${inUnit(mean, measurement, definition)} (90 % of measurements from ${short(lower)} to ${short(upper)}) with ${describeSetting(setting, definition.experiment.parameters)}; ${tried ? "this setting was tried" : "this setting was not tried"}; the best expectation of the surrogate among ${among} settings`;
}

function limitsText({ loaded, records }: ToldCampaign): string | undefined {
  const { definition } = loaded.campaign;
  const { limits = [] } = definition.problem;
  if (limits.length === 0) return undefined;
  const measured = records.filter(({ state }) => state === "measured");
  const kept = measured.filter(({ values }) => keepsLimits(limits, numbersOf({ kind: "measured", values })));
  const words = limits.map((each) => describeLimit(each, definition)).join("; ");
  return `${kept.length} of ${measured.length} results (${words})`;
}

function explanationText(
  { measurement, verdict, best, outlook, trust, outliers }: Explanation,
  { loaded }: ToldCampaign,
): Markup {
  const { definition } = loaded.campaign;
  const told = (value: number): string => inUnit(value, measurement, definition);
  const { parameters } = definition.experiment;
  const lines = [
    verdict,
    ...(best === undefined
      ? []
      : [
          `noise taken out, the best so far gives ${short(best.mean)} ± ${told(best.sd)} (experiment ${best.experiment}: ${describeSetting(best.setting, parameters)})`,
        ]),
    ...(outlook === undefined
      ? []
      : [
          `within ${told(outlook.tolerance)} of the optimum with ${describeShare(outlook.withinTolerance)} probability; the optimum is expected to be better by ${told(outlook.gainLeft)}, one more experiment should gain ${told(outlook.gainOfNext)}`,
        ]),
    ...(trust === undefined
      ? []
      : [
          `R² ${trust.r2.toFixed(2)} when each result is predicted from the others, ${describeShare(trust.coverage90)} of them within their 90 % intervals`,
        ]),
    ...(outliers.length === 0
      ? []
      : [`the others hold the results of experiments ${outliers.join(", ")} for impossible`]),
  ];
  return markup`${lines.map((line) => markup`<div>${line}</div>`)}`;
}

function frontPart({ loaded, records }: ToldCampaign): Markup | undefined {
  const { definition } = loaded.campaign;
  const { goal } = definition.problem;
  if (goal.kind !== "optimise" || goal.objectives.length < 2) return undefined;
  const names = goal.objectives.map(({ measurement }) => measurement);
  const front = frontOf(definition.problem, records);
  const rows = front.map(({ number, setting, values }) => [
    number,
    describeValues(Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])))),
    describeSetting(setting, definition.experiment.parameters),
  ]);
  const pairs = names.slice(1).map((name) => [names[0] as string, name] as const);
  return markup`<h3>The front</h3>
${pairs.map((pair) => frontFigure(definition, records, pair))}
${rows.length === 0 ? markup`<p>No result is within the limits.</p>` : headedTable(["experiment", "measured", "setting"], rows)}`;
}

function beliefPart({ hypotheses }: ToldCampaign): Markup | undefined {
  if (hypotheses.every(({ kind }) => kind !== "law")) return undefined;
  const rows = hypotheses.map(({ name, predicts, weight, logEvidence, parameters }) => [
    name,
    predicts,
    describeShare(weight),
    short(logEvidence),
    markup`${parameters.map(({ name: unknown, unit, mean, sd }) => markup`<div>${unknown} = ${short(mean)} ± ${shortQuantity(sd, unit)}</div>`)}`,
  ]);
  return markup`<h3>Belief</h3>
${headedTable(["hypothesis", "about", "weight", "ln evidence", "its constants (mean ± 1 sd)"], rows)}`;
}

function mattersPart(explanation: Explanation, { loaded }: ToldCampaign): Markup | undefined {
  const { definition } = loaded.campaign;
  const { measurement, importance } = explanation;
  if (importance.length === 0) return undefined;
  const about = objectivesOf(definition.problem.goal).length > 1 ? ` for ${measurement}` : "";
  return markup`<h3>What matters${about}</h3>
${headedTable(
  ["parameter", "share of the variation with its interactions", "by itself"],
  importance.map(({ parameter, total, alone }) => [parameter, percent(total), percent(alone)]),
)}
<div class="side">${dependenceFigures(definition, explanation)}</div>`;
}

/** A Sobol index, which is estimated and may lie a little outside of 0 to 1. */
function percent(share: number): string {
  return `${Math.round(100 * Math.min(1, Math.max(0, share)))} %`;
}
