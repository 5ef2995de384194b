import { hash } from "node:crypto";
import { describeFault, type Fault } from "../../../base/fault.ts";
import { readContext } from "../../../campaign/strategy/context-values.ts";
import type { Problem } from "../../../experiment/design/task/problem.ts";
import type { Setting } from "../../../hypothesis/parameter.ts";
import { CliError } from "../cli-error.ts";
import { describeReasons, describeSetting } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { namedValue } from "../named-value.ts";
import { informedStrategy, readQuestion } from "../read-question.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

interface SuggestOptions extends CommonOptions {
  readonly data?: string;
  readonly pending?: string;
  readonly context?: readonly string[];
  readonly count?: string;
  readonly seed?: string;
}

/** `labloop suggest`: what to try next, for experiments that somebody else carries out. */
export async function suggest(file: string, options: SuggestOptions): Promise<number> {
  const terminal = openTerminal(options);
  const { problem, warnings, name, text } = await readQuestion(file, wholeNumber("--seed", options.seed));
  for (const warning of warnings) terminal.warn(`note: ${describeFault(warning)}`);
  const { strategy, known } = await informedStrategy(problem, options);
  const count = Math.max(1, wholeNumber("--count", options.count) ?? 1);
  const context = contextOf(problem, options.context);
  const suggestions = strategy.suggest(count, { context });
  const { parameters } = problem.space;
  const id = `${name}-${hash("sha256", JSON.stringify([text, problem.seed, known, ...Object.entries(context)]), "hex").slice(0, 8)}`;
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
    terminal.warn(
      `note: only ${suggestions.length} of ${count} can be suggested; ${whyNoMore(problem, suggestions.length)}`,
    );
  return EXIT.concluded;
}

function whyNoMore({ candidates }: Problem, suggested: number): string {
  if (candidates === undefined) return "the space has no more";
  const rest = suggested === 0 ? "every candidate" : "every other candidate";
  return `${rest} has been tried, is under way or breaks a constraint`;
}

/** Values given as "humidity=43" or "humidity=43 %". */
function contextOf(problem: Problem, written: readonly string[] = []): Setting {
  const given = written.map((text) => namedValue("--context", text, "humidity=43"));
  const reading = readContext(problem.space, Object.fromEntries(given));
  if (reading.kind === "faults") throw new CliError(...(reading.faults as [Fault, ...Fault[]]));
  return reading.context;
}

/** Suggestions take no time of any clock. */
const BEGINNING = "2030-01-01T18:00:00.000Z";

/** A cell of CSV; names with a comma or a quote are quoted. */
function cell(value: number | string | undefined): string {
  const text = String(value ?? "");
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
