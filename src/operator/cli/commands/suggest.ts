import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Fault } from "../../../base/fault.ts";
import { compileProblem } from "../../../campaign/compile/problem.ts";
import { checkSchema } from "../../../campaign/file/check-schema.ts";
import { parseSourceFile } from "../../../campaign/file/source-file.ts";
import { questionSchema } from "../../../campaign/schema/campaign-schema.ts";
import { readResults } from "../../../campaign/strategy/result-table.ts";
import { strategyFor } from "../../../campaign/strategy/strategy.ts";
import type { Problem } from "../../../experiment/design/problem.ts";
import { CliError } from "../cli-error.ts";
import { describeReasons, describeSetting } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { readTable } from "../read-table.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

interface SuggestOptions extends CommonOptions {
  readonly data?: string;
  readonly pending?: string;
  readonly count?: string;
  readonly seed?: string;
}

/** `labloop suggest`: what to try next, for experiments that somebody else carries out. */
export async function suggest(file: string, options: SuggestOptions): Promise<number> {
  const terminal = openTerminal(options);
  const { problem, name, text } = await readProblem(file, wholeNumber("--seed", options.seed));
  const strategy = strategyFor(problem);
  let known = "";
  for (const table of [options.data, options.pending]) {
    if (table === undefined) continue;
    const csv = await readTable(table);
    const reading = readResults(problem, csv, table === options.pending);
    if (reading.kind === "faults") throw new CliError(...(reading.faults as [Fault, ...Fault[]]));
    for (const result of reading.results) strategy.observe(result);
    for (const setting of reading.pending) strategy.expect(setting);
    known += JSON.stringify(csv.rows);
  }
  const count = Math.max(1, wholeNumber("--count", options.count) ?? 1);
  const suggestions = strategy.suggest(count);
  const { parameters } = problem.space;
  const id = `${name}-${hash("sha256", JSON.stringify([text, problem.seed, known]), "hex").slice(0, 8)}`;
  if (!terminal.json && suggestions.length > 0) terminal.print(parameters.map((each) => each.name).join(","));
  for (const [i, { setting, reasons }] of suggestions.entries()) {
    if (terminal.json)
      terminal.emit({
        event: "suggestion.made",
        campaign: id,
        seq: i + 1,
        time: BEGINNING,
        setting,
        reasons,
      });
    else terminal.print(parameters.map((each) => cell(setting[each.name])).join(","));
    terminal.say(
      `${describeSetting(setting, parameters)}  ${terminal.paint("dim", `(${describeReasons(reasons)})`)}`,
    );
  }
  if (suggestions.length < count)
    terminal.warn(`note: only ${suggestions.length} of ${count} can be suggested; the space has no more`);
  return EXIT.concluded;
}

/** Suggestions take no time of any clock. */
const BEGINNING = "2030-01-01T18:00:00.000Z";

/** A cell of CSV; names with a comma or a quote are quoted. */
function cell(value: number | string | undefined): string {
  const text = String(value ?? "");
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function readProblem(
  file: string,
  seed: number | undefined,
): Promise<{ problem: Problem; name: string; text: string }> {
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
  const parsed = parseSourceFile(file, text);
  if (parsed.kind === "faults") throw new CliError(...(parsed.faults as [Fault, ...Fault[]]));
  const checked = checkSchema(parsed.source, questionSchema);
  if (checked.kind === "faults") throw new CliError(...(checked.faults as [Fault, ...Fault[]]));
  const compiled = compileProblem(parsed.source, checked.data, seed);
  if (compiled.kind === "faults") throw new CliError(...(compiled.faults as [Fault, ...Fault[]]));
  return { problem: compiled.problem, name: checked.data.name ?? "suggest", text };
}
