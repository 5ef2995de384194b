import { readTextFile } from "../../lab/read-text-file.ts";
import { CliError } from "./cli-error.ts";

/**
 * Reads a file that a person named.
 *
 * @throws CliError when there is no such file, or it can't be read
 */
export async function readText(file: string): Promise<string> {
  try {
    return await readTextFile(file);
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
}
