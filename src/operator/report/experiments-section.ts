import type { Parameter } from "../../hypothesis/parameter.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import { whyFailed } from "../../record/export/csv-export.ts";
import type { ExperimentRecord } from "../../record/export/experiment-record.ts";
import {
  describeApproval,
  describeDuration,
  describeSetting,
  describeSuspects,
  describeTime,
  short,
} from "../cli/describe.ts";
import { withUnit } from "./figures.ts";
import { type Markup, markup } from "./markup.ts";
import { headedTable } from "./table.ts";
import type { ToldCampaign } from "./told-campaign.ts";

/** Parameters and measurements that have columns of their own; more don't fit on paper. */
const MOST_COLUMNS = 7;

/** Every experiment: setting, prediction, result, time and what was notable. */
export function experimentsSection({ loaded, records }: ToldCampaign): Markup {
  const { definition } = loaded.campaign;
  const { zone } = loaded.lab;
  const parameters = definition.experiment.parameters.filter(({ kind }) => kind !== "constant");
  const { measurements } = definition;
  const together = parameters.length + 2 * measurements.length > MOST_COLUMNS;
  const headings = [
    "#",
    ...(together ? ["setting"] : parameters.map((each) => withUnit(each.name, unitOf(each)))),
    ...measurements.flatMap(({ name, unit }) => [
      `predicted ${withUnit(name, unit.symbol)}`,
      `measured ${withUnit(name, unit.symbol)}`,
    ]),
    "suggested",
    "took",
    "notes",
  ];
  const rows = records.map((record) => [
    record.number,
    ...(together
      ? [describeSetting(record.setting, parameters)]
      : parameters.map(({ name }) => cell(record.setting[name]))),
    ...measurements.flatMap((each) => results(record, each)),
    describeTime(Date.parse(record.suggestedAt), zone),
    describeDuration(Date.parse(record.endedAt) - Date.parse(record.suggestedAt)),
    notesOf(record),
  ]);
  return markup`<h2>All experiments</h2>
${rows.length === 0 ? markup`<p>There is none yet.</p>` : headedTable(headings, rows, "wide")}
<p class="key">Predicted: mean ± 1 sd of the prediction when the experiment was suggested, without the noise of a measurement; measured: ± standard uncertainty, where it is known.</p>`;
}

function unitOf(parameter: Parameter): string {
  return parameter.kind === "categorical" ? "1" : parameter.unit;
}

function cell(value: number | string | undefined): string {
  return typeof value === "number" ? short(value) : (value ?? "");
}

function results(record: ExperimentRecord, { name }: LoopDefinition["measurements"][number]): string[] {
  const predicted = record.reasons.predicted[name];
  const measured = record.values[name];
  return [
    predicted === undefined ? "" : `${short(predicted.mean)} ± ${short(predicted.sd)}`,
    measured === undefined
      ? ""
      : `${short(measured.value)}${measured.standardUncertainty > 0 ? ` ± ${short(measured.standardUncertainty)}` : ""}`,
  ];
}

function notesOf(record: ExperimentRecord): string {
  const { approvals = [], overdue = [], suspicion, repeats, state } = record;
  return [
    ...(state === "open" ? ["under way"] : []),
    ...(repeats === undefined ? [] : [`repeats experiment ${repeats}`]),
    whyFailed(record),
    ...(suspicion === undefined ? [] : describeSuspects(suspicion)),
    ...overdue.map(({ instrument, action }) => `${instrument}.${action} took longer than usual`),
    ...approvals.map(describeApproval),
  ]
    .filter((note) => note !== "")
    .join("; ");
}
