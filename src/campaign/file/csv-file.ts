import { CsvError, parse } from "csv-parse/sync";
import type { Fault } from "../../base/fault.ts";

/** A table with named columns. */
export interface CsvFile {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** One row, with the line at which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** A table that was read, or why it can't be. */
export type CsvReading =
  | { readonly kind: "table"; readonly table: CsvFile }
  | { readonly kind: "faults"; readonly faults: readonly [Fault, ...Fault[]] };

/**
 * Reads comma-separated values (RFC 4180).
 *
 * @param file - the name for messages
 * @param columns - names of the columns where the table has no header line
 */
export function parseCsvFile(file: string, text: string, columns?: readonly string[]): CsvReading {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, { bom: true, trim: true, skip_empty_lines: true, info: true }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : 1;
    return faulty(file, line, error.message, "every row needs as many cells as the first one");
  }
  const header = columns ?? records.shift()?.record ?? [];
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined)
    return faulty(file, 1, `the column "${twice}" is there twice`, "rename one of them");
  const wide = records.find(({ record }) => record.length !== header.length);
  if (wide !== undefined) {
    const message = `there are ${wide.record.length} cells, but ${header.length} columns`;
    return faulty(file, wide.info.lines, message, "every row needs a cell for each column");
  }
  const rows = records.map(({ record, info }) => ({
    line: info.lines,
    cells: Object.fromEntries(record.map((cell, k) => [header[k] as string, cell])),
  }));
  return { kind: "table", table: { file, columns: header, rows } };
}

function faulty(file: string, line: number, message: string, advice: string): CsvReading {
  return {
    kind: "faults",
    faults: [{ code: "file.not-csv", message, advice, place: { file, line, column: 1 } }],
  };
}
