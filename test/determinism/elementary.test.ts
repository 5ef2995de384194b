import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Folders whose results have to be the same, bit for bit, on every machine. */
const FOLDERS = [
  "src/base",
  "src/numerics",
  "src/hypothesis",
  "src/experiment",
  "src/measurement",
  "src/update",
];

/** What engines compute each in their own way; `**` is one of them. */
const INEXACT =
  /Math\.(?:a?(?:sin|cos|tan)h?|atan2|exp|expm1|log|log1p|log2|log10|pow|hypot|cbrt|random)\b|\bMath\[|\*\*(?![/*])/;

const ROOT = new URL("../../", import.meta.url);

function sources(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(file))
    .map((file) => `${folder}/${file}`);
}

/** The lines of a source with comments and texts blanked, so that line numbers stay. */
function codeOf(source: string): string[] {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
  return source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"/g, blank).split("\n");
}

function offences(file: string): string[] {
  return codeOf(readFileSync(new URL(file, ROOT), "utf8")).flatMap((line, i) =>
    INEXACT.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [],
  );
}

test.each(FOLDERS)("%s takes elementary functions from src/base/elementary.ts only", (folder) => {
  const files = sources(folder);
  expect(files.length).toBeGreaterThan(0);
  expect(files.flatMap(offences)).toEqual([]);
});

test("the check finds what it looks for, and nothing in comments", () => {
  const found = codeOf("/** a ** b */\nx = Math.exp(2); // Math.log\ny = a ** 2;\nz = Math.sqrt(2);").map(
    (line) => INEXACT.test(line),
  );
  expect(found).toEqual([false, true, true, false]);
});
