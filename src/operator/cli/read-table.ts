import { readFile } from "node:fs/promises";
import { type CsvFile, parseCsvFile } from "../../campaign/file/csv-file.ts";
import { CliError } from "./cli-error.ts";

/**
 * Reads a CSV file.
 *
 * @throws CliError when there is no such file, or it is no table
 */
export async function readTable(file: string, columns?: readonly string[]): Promise<CsvFile> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new CliError({
      code: missing ? "file.missing" : "file.unreadable",
      message: missing
        ? `there is no file "${file}"`
        : `"${file}" can't be read: ${(error as Error).message}`,
      advice: "look at the path and its rights",
    });
  }
  const reading = parseCsvFile(file, text, columns);
  if (reading.kind === "faults") throw new CliError(...reading.faults);
  return reading.table;
}
