import type { Fault } from "../../base/fault.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { LinkedTables } from "../file/linked-tables.ts";
import { checkResult, type Result } from "./result.ts";
import { readResults } from "./result-table.ts";

/** A problem that knows earlier campaigns, or everything that is wrong with their tables. */
export type EarlierReading =
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** Adds the results of earlier campaigns that a file names. */
export function withEarlierTables(
  problem: Problem,
  files: readonly string[],
  tables: LinkedTables,
): EarlierReading {
  const faults: Fault[] = [];
  const earlier: Observation[][] = [];
  for (const file of files) {
    const table = tables.get(file);
    if (table === undefined) continue;
    const reading = readResults(problem, table);
    if (reading.kind === "faults") faults.push(...reading.faults);
    else earlier.push(observationsOf(problem, reading.results));
  }
  if (faults.length > 0) return { kind: "faults", faults };
  return { kind: "problem", problem: earlier.length === 0 ? problem : { ...problem, earlier } };
}

/**
 * Adds the results of earlier campaigns that a program gives.
 *
 * @throws TypeError when a result has no value where it needs one, or one of the wrong kind
 */
export function withEarlierResults(problem: Problem, results: readonly (readonly Result[])[]): Problem {
  return results.length === 0
    ? problem
    : { ...problem, earlier: results.map((each) => observationsOf(problem, each)) };
}

function observationsOf(problem: Problem, results: readonly Result[]): Observation[] {
  return results.map((result, i) => ({ ...checkResult(problem, result), experiment: i + 1 }));
}
