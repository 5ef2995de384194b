import { createStrategy, type Setting } from "labloop";
import type { DataSet } from "./data-set.ts";
import type { TableCampaign } from "./table-campaign.ts";

/** Labloop's own campaign over a table, by the library: the rows are its candidates. */
export function playLabloop(set: DataSet, { budget, seed, start }: TableCampaign): number[] {
  const { question, outcomes, objectives } = set;
  const strategy = createStrategy({ ...question, seed });
  const rowsOf = new Map<string, number[]>();
  for (const [row, setting] of (question.candidates ?? []).entries())
    rowsOf.set(keyOf(setting), [...(rowsOf.get(keyOf(setting)) ?? []), row]);
  const asked = new Set<number>();
  while (asked.size < budget) {
    const row = start[asked.size] ?? suggested();
    asked.add(row);
    strategy.observe({
      setting: question.candidates?.[row] as Setting,
      outcome: Object.fromEntries(objectives.map((name, i) => [name, outcomes[row]?.[i] as number])),
    });
  }
  return [...asked];

  function suggested(): number {
    const [suggestion] = strategy.suggest();
    // Rows with one setting are asked for in their order.
    const row = suggestion && rowsOf.get(keyOf(suggestion.setting))?.find((each) => !asked.has(each));
    if (row === undefined) throw new Error(`labloop has no row left on ${set.name}`);
    return row;
  }
}

function keyOf(setting: Setting): string {
  return JSON.stringify(
    Object.keys(setting)
      .sort()
      .map((name) => [name, setting[name]]),
  );
}
