import { describeFault } from "../../../base/fault.ts";
import type { Problem } from "../../../experiment/design/task/problem.ts";
import type { Explanation } from "../../../experiment/explain/explanation.ts";
import { CliError } from "../cli-error.ts";
import { describeSetting, short } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { informedStrategy, readQuestion } from "../read-question.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";

interface ExplainOptions extends CommonOptions {
  readonly data?: string;
  readonly tolerance?: string;
  readonly hours?: string;
}

/** `labloop explain`: what the results so far say, how far that can be trusted, and what there is left to gain. */
export async function explain(file: string, options: ExplainOptions): Promise<number> {
  const terminal = openTerminal(options);
  const { problem, warnings } = await readQuestion(file, undefined);
  for (const warning of warnings) terminal.warn(`note: ${describeFault(warning)}`);
  const { strategy } = await informedStrategy(problem, options);
  const tolerance = positive("--tolerance", options.tolerance);
  const hours = positive("--hours", options.hours);
  const explanations = strategy.explain({
    ...(tolerance !== undefined && { tolerance }),
    ...(hours !== undefined && { hoursAnExperiment: hours }),
  });
  for (const explanation of explanations) {
    if (terminal.json) terminal.emit({ event: "explanation", ...explanation });
    else tell(terminal, problem, explanation);
  }
  return EXIT.concluded;
}

function tell(terminal: Terminal, problem: Problem, explanation: Explanation): void {
  const { measurement, verdict, best, outlook, trust, importance, dependence, outliers } = explanation;
  const unit = problem.measurements.find(({ name }) => name === measurement)?.unit ?? "1";
  const inUnit = (value: number): string => (unit === "1" ? short(value) : `${short(value)} ${unit}`);
  terminal.print(`${measurement}: ${verdict}`);
  if (best !== undefined)
    terminal.print(
      `  best     ${short(best.mean)} ± ${inUnit(best.sd)} in experiment ${best.experiment}: ${describeSetting(best.setting, problem.space.parameters)}`,
    );
  if (outlook !== undefined)
    terminal.print(
      `  outlook  the next experiment should gain ${inUnit(outlook.gainOfNext)}${outlook.gainPerHour === undefined ? "" : ` (${inUnit(outlook.gainPerHour)} an hour)`}; the optimum is ${inUnit(outlook.gainLeft)} better; within ${inUnit(outlook.tolerance)} of it with ${percent(outlook.withinTolerance)} probability`,
    );
  if (trust !== undefined)
    terminal.print(
      `  trust    R² ${trust.r2.toFixed(2)} when each result is predicted from the others; ${percent(trust.coverage90)} of them within 90 % intervals`,
    );
  if (importance.length > 0)
    terminal.print(
      `  matters  ${importance.map(({ parameter, total }) => `${parameter} ${percent(total)}`).join(", ")}`,
    );
  if (outliers.length > 0)
    terminal.print(
      `  doubts   the others hold the results of experiments ${outliers.join(", ")} for impossible`,
    );
  for (const { parameter, points } of dependence) {
    terminal.print(`  ${parameter}`);
    for (const { value, mean, lower, upper } of points)
      terminal.print(
        `    ${(typeof value === "number" ? short(value) : value).padEnd(12)} ${inUnit(mean)} (${short(lower)} … ${short(upper)})`,
      );
  }
}

function percent(share: number): string {
  return `${Math.round(100 * Math.min(1, share))} %`;
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0) return value;
  throw new CliError({
    code: "cli.not-a-number",
    message: `${option} "${text}" is no number above 0`,
    advice: `write ${option} 0.5, for example`,
  });
}
