import type { Fault } from "../../base/fault.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { CsvFile } from "../file/csv-file.ts";

/** Candidates as they were given, unchecked. */
export interface CandidateSource {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  /** A row as messages call it. */
  nameOf(row: number): string;
  /** What is wrong with a row, or with the columns. */
  faultAt(row: number | undefined, message: string, advice: string): Fault;
}

const CODE = "campaign.bad-candidates";

/** Candidates that a table holds. */
export function candidatesInTable({ file, columns, rows }: CsvFile): CandidateSource {
  const lineOf = (row: number): number => rows[row]?.line ?? 1;
  return {
    columns,
    rows: rows.map(({ cells }) => cells),
    nameOf: (row) => `line ${lineOf(row)}`,
    faultAt: (row, message, advice) => ({
      code: CODE,
      message,
      advice,
      place: { file, line: row === undefined ? 1 : lineOf(row), column: 1 },
    }),
  };
}

/** Candidates that a program gives. */
export function candidatesInProgram(settings: readonly Setting[]): CandidateSource {
  const columns = new Set<string>();
  for (const setting of settings) for (const name of Object.keys(setting)) columns.add(name);
  const nameOf = (row: number): string => `candidates[${row}]`;
  return {
    columns: [...columns],
    rows: settings,
    nameOf,
    faultAt: (row, message, advice) => ({
      code: CODE,
      message: `${row === undefined ? "candidates" : nameOf(row)}: ${message}`,
      advice,
    }),
  };
}

/** The cell of a row under a name, empty where there is none. */
export function cellOf(row: Readonly<Record<string, string | number>>, name: string): string | number {
  return Object.hasOwn(row, name) ? (row[name] as string | number) : "";
}
