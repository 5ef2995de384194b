import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Lines of a driver that are neither blank nor comment, over all files of its folder below `drivers/`, tests included. */
export function linesOf(id: string): number {
  const folder = join("drivers", id);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .reduce((sum, file) => sum + codeLines(readFileSync(join(folder, file), "utf8")), 0);
}

/** Middle of the sorted numbers, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] as number;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number;
  return (lower + upper) / 2;
}

/** Lines that are neither blank nor comment; a comment has its lines for itself, as the formatter leaves it. */
export function codeLines(text: string): number {
  const withoutBlocks = text.replace(/^[ \t]*\/\*[\s\S]*?\*\/[ \t]*$/gm, "");
  return withoutBlocks.split("\n").filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length;
}
