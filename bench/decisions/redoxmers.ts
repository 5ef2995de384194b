import type { DataSet } from "./data-set.ts";
import { hypervolume } from "./hypervolume.ts";
import { mean, tableHead, tableRow } from "./report.ts";

/** Experiments after which the hypervolume is compared. */
export const MARKS: readonly number[] = [25, 50, 100, 200];
/** Means of 40 published runs: see README of the benchmarks. */
const PUBLISHED = {
  "BoTorch, published": [0.764, 0.931, 0.976, 0.99],
  "random, published": [0.593, 0.688, 0.775, 0.844],
};

/** Worst value of each objective in the whole table. */
export function worstOf({ outcomes }: DataSet): number[] {
  return (outcomes[0] ?? []).map((_, i) => Math.min(...outcomes.map((values) => values[i] as number)));
}

/** Hypervolume at each mark as a share of that of the whole table. */
export function volumeShares(set: DataSet, rows: readonly number[]): number[] {
  const reference = worstOf(set);
  const whole = hypervolume(set.outcomes, reference);
  return MARKS.map((mark) => {
    const seen = rows.slice(0, mark).map((row) => set.outcomes[row] as readonly number[]);
    return hypervolume(seen, reference) / whole;
  });
}

/** The section of the report: mean shares at the marks, beside the published ones. */
export function volumeReport(
  name: string,
  shares: Readonly<Record<string, readonly (readonly number[])[]>>,
): string[] {
  const measured = Object.entries(shares).map(
    ([contender, runs]) =>
      [contender, MARKS.map((_, i) => mean(runs.map((run) => run[i] as number)))] as const,
  );
  return [
    "",
    `## ${name}: three objectives, share of the hypervolume`,
    "",
    ...tableHead(["", ...MARKS.map((mark) => `after ${mark}`)]),
    ...[...measured, ...Object.entries(PUBLISHED)].map(([contender, means]) =>
      tableRow([contender, ...means.map((each) => each.toFixed(3))]),
    ),
  ];
}
