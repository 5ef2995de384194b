import { dirname, resolve } from "node:path";
import type { Fault } from "../../base/fault.ts";
import { compileProblem } from "../../campaign/compile/problem.ts";
import { checkSchema } from "../../campaign/file/check-schema.ts";
import { readLinkedTables } from "../../campaign/file/linked-tables.ts";
import { parseSourceFile } from "../../campaign/file/source-file.ts";
import { questionSchema } from "../../campaign/schema/campaign-schema.ts";
import { withEarlierTables } from "../../campaign/strategy/earlier-results.ts";
import { readResults } from "../../campaign/strategy/result-table.ts";
import { type Strategy, strategyFor } from "../../campaign/strategy/strategy.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import { readTextFile } from "../../lab/read-text-file.ts";
import { CliError } from "./cli-error.ts";
import { readTable } from "./read-table.ts";
import { readText } from "./read-text.ts";

/** A campaign file as decisions see it. */
export interface Question {
  readonly problem: Problem;
  readonly warnings: readonly Fault[];
  readonly name: string;
  /** All that decisions depend on, as it was written. */
  readonly text: string;
}

/** Reads a campaign file, with the tables that it names; procedure and lab are not looked at. */
export async function readQuestion(file: string, seed: number | undefined): Promise<Question> {
  const text = await readText(file);
  const parsed = parseSourceFile(file, text);
  if (parsed.kind === "faults") throw new CliError(...(parsed.faults as [Fault, ...Fault[]]));
  const checked = checkSchema(parsed.source, questionSchema);
  if (checked.kind === "faults") throw new CliError(...(checked.faults as [Fault, ...Fault[]]));
  const linked = await readLinkedTables(parsed.source, checked.data, (table) =>
    readTextFile(resolve(dirname(file), table)),
  );
  if (linked.kind === "faults") throw new CliError(...(linked.faults as [Fault, ...Fault[]]));
  const { tables, texts } = linked;
  const compiled = compileProblem(parsed.source, checked.data, {
    tables,
    ...(seed !== undefined && { seed }),
  });
  if (compiled.kind === "faults") throw new CliError(...(compiled.faults as [Fault, ...Fault[]]));
  const { warnings } = compiled;
  const known = withEarlierTables(compiled.problem, checked.data.earlier ?? [], tables);
  if (known.kind === "faults") throw new CliError(...(known.faults as [Fault, ...Fault[]]));
  return {
    problem: known.problem,
    warnings,
    name: checked.data.name ?? "suggest",
    text: text + Object.values(texts).join(""),
  };
}

/** A strategy that knows the results and the settings under way of some tables. */
export interface InformedStrategy {
  readonly strategy: Strategy;
  /** All that the tables say, as text. */
  readonly known: string;
}

/** Tells a strategy what tables hold. */
export async function informedStrategy(
  problem: Problem,
  { data, pending }: { readonly data?: string | undefined; readonly pending?: string | undefined },
): Promise<InformedStrategy> {
  const strategy = strategyFor(problem);
  let known = "";
  for (const table of [data, pending]) {
    if (table === undefined) continue;
    const csv = await readTable(table);
    const reading = readResults(problem, csv, table === pending);
    if (reading.kind === "faults") throw new CliError(...(reading.faults as [Fault, ...Fault[]]));
    for (const result of reading.results) strategy.observe(result);
    for (const setting of reading.pending) strategy.expect(setting);
    known += JSON.stringify(csv.rows);
  }
  return { strategy, known };
}
