import { type CsvFile, parseCsvFile } from "../../campaign/file/csv-file.ts";
import { CliError } from "./cli-error.ts";
import { readText } from "./read-text.ts";

/**
 * Reads a CSV file.
 *
 * @throws CliError when there is no such file, or it is no table
 */
export async function readTable(file: string, columns?: readonly string[]): Promise<CsvFile> {
  const text = await readText(file);
  const reading = parseCsvFile(file, text, columns);
  if (reading.kind === "faults") throw new CliError(...reading.faults);
  return reading.table;
}
