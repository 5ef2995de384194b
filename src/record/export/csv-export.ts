import { stringify } from "csv-stringify/sync";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { ExperimentRecord } from "./experiment-record.ts";

/**
 * A table with one experiment a row: number, state, parameters, measurements with their standard uncertainties, why
 * it failed, times. `labloop suggest --data` reads it. A text that a spreadsheet would take for a formula is quoted
 * with an apostrophe.
 */
export function exportCsv(records: readonly ExperimentRecord[], definition: LoopDefinition): string {
  const parameters = definition.experiment.parameters.map(({ name }) => name);
  const measurements = definition.measurements.map(({ name }) => name);
  const rows = records.map((record) => ({
    experiment: record.number,
    ...Object.fromEntries(parameters.map((name) => [name, record.setting[name]])),
    ...Object.fromEntries(
      measurements.flatMap((name) => {
        const measured = record.state === "measured" ? record.values[name] : undefined;
        return [
          [name, measured?.value],
          [`${name}_uncertainty`, measured?.standardUncertainty],
        ];
      }),
    ),
    failed: whyFailed(record),
    suspect: suspectsOf(record),
    suggested_at: record.suggestedAt,
    ended_at: record.endedAt,
  }));
  const columns = [
    "experiment",
    ...parameters,
    ...measurements.flatMap((name) => [name, `${name}_uncertainty`]),
    "failed",
    ...(records.some(({ suspicion }) => suspicion !== undefined) ? ["suspect"] : []),
    "suggested_at",
    "ended_at",
  ];
  return stringify(rows, { header: true, columns, escape_formulas: true });
}

/** What is unlike the other experiments: "residual of rate; level of sensor.read.dark". */
function suspectsOf({ suspicion }: ExperimentRecord): string {
  const all = suspicion?.suspect ?? [];
  return all.map(({ what, of }) => (of === undefined ? what : `${what} of ${of}`)).join("; ");
}

/** Why an experiment gave nothing; empty when it gave something or is under way. */
export function whyFailed(record: ExperimentRecord): string {
  switch (record.state) {
    case "open":
    case "measured":
      return "";
    case "unusable":
      return `unusable: ${record.unusable.join("; ")}`;
    case "refused":
      return `refused: ${record.refused.map(({ message }) => message).join("; ")}`;
    case "failed": {
      const failed = record.actions.find(({ event }) => event.type === "action.failed")?.event;
      return failed?.type === "action.failed" ? failed.fault.message : "failed";
    }
  }
}
