import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Fault } from "../../../base/fault.ts";
import type { CsvFile } from "../../../campaign/file/csv-file.ts";
import { type ExperimentTable, readExperimentTable } from "../../../campaign/replay/experiment-table.ts";
import { TableReplay } from "../../../campaign/replay/table-replay.ts";
import type { RowSuggestion } from "../../../experiment/design/suggest-from-table.ts";
import type { Direction } from "../../../experiment/design/task/problem.ts";
import type { Observation } from "../../../hypothesis/observation.ts";
import { scoreOf } from "../../../loop/account.ts";
import { CliError } from "../cli-error.ts";
import { describeOutcome, describeReasons, describeSetting } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { nameList } from "../name-list.ts";
import { namedValue } from "../named-value.ts";
import { readTable } from "../read-table.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

interface ReplayOptions extends CommonOptions {
  readonly parameters?: string;
  readonly maximise?: string;
  readonly minimise?: string;
  readonly objectives?: string;
  readonly budget?: string;
  readonly batch?: string;
  readonly start?: string;
  readonly categorical?: string;
  readonly mixture?: string;
  readonly descriptors?: readonly string[];
  readonly columns?: string;
  readonly seed?: string;
}

/** Experiments where no budget is given. */
const USUAL_BUDGET = 100;
/** When simulated time begins; nothing in a table takes time. */
const BEGINNING = "2030-01-01T18:00:00.000Z";

/** `labloop replay`: a whole campaign over a table of past experiments. */
export async function replay(file: string, options: ReplayOptions): Promise<number> {
  const terminal = openTerminal(options);
  const columns = options.columns === undefined ? undefined : nameList(options.columns);
  const csv = await readTable(file, columns);
  const seed = wholeNumber("--seed", options.seed) ?? 1;
  const objectives = objectivesOf(options);
  const parameters = nameList(options.parameters);
  const reading = readExperimentTable(csv, {
    parameters:
      parameters.length > 0
        ? parameters
        : csv.columns.filter((name) => objectives.every(({ measurement }) => measurement !== name)),
    categorical: nameList(options.categorical),
    mixture: nameList(options.mixture),
    descriptors: await descriptorsOf(options.descriptors),
    objectives,
    seed,
  });
  if (reading.kind === "faults") throw new CliError(...(reading.faults as [Fault, ...Fault[]]));
  const { table } = reading;
  if (table.remark !== undefined) terminal.warn(`note: ${table.remark}`);
  const rows = table.settings.length;
  const budget = Math.min(rows, wholeNumber("--budget", options.budget) ?? USUAL_BUDGET);
  const digest = hash(
    "sha256",
    JSON.stringify([await readFile(file, "utf8"), table.problem, budget, options.batch, options.start]),
    "hex",
  );
  const name = basename(file).replace(/\.csv$/, "");
  const replaying = new Replaying(terminal, `${name}-${digest.slice(0, 8)}`, table);
  replaying.started(name, seed, budget);
  replaying.ask(startRows(options.start, rows).slice(0, budget));
  const batch = Math.max(1, wholeNumber("--batch", options.batch) ?? 1);
  while (replaying.count < budget && replaying.decide(Math.min(batch, budget - replaying.count)));
  replaying.conclude(budget);
  return EXIT.concluded;
}

/** One replay, told event by event. */
class Replaying {
  readonly #terminal: Terminal;
  readonly #campaign: string;
  readonly #table: ExperimentTable;
  readonly #replay: TableReplay;
  #seq = 0;
  #best: { experiment: number; row: number; score: number; observation: Observation } | undefined;
  count = 0;

  constructor(terminal: Terminal, campaign: string, table: ExperimentTable) {
    this.#terminal = terminal;
    this.#campaign = campaign;
    this.#table = table;
    this.#replay = new TableReplay(table);
  }

  started(name: string, seed: number, budget: number): void {
    const { problem, settings } = this.#table;
    this.#terminal.say(
      `${name}: ${settings.length} past experiments, ${problem.space.parameters.length} parameters; a campaign of ${budget}`,
    );
    this.#emit({ event: "campaign.started", name, seed, rows: settings.length, budget });
  }

  /** Asks for rows that a person chose. */
  ask(rows: readonly number[]): void {
    for (const row of rows) {
      this.#replay.begin(row);
      this.#emit({
        event: "suggestion.made",
        row,
        setting: this.#table.settings[row],
        reasons: { method: "given start" },
      });
    }
    for (const row of rows) this.#answer(row, "given start");
  }

  /** Asks for the rows that the campaign decides for; false when none is left. */
  decide(count: number): boolean {
    const suggestions = this.#replay.suggest(count);
    for (const { row, setting, reasons } of suggestions)
      this.#emit({ event: "suggestion.made", row, setting, reasons });
    for (const suggestion of suggestions) this.#answer(suggestion.row, describeReasons(suggestion.reasons));
    return suggestions.length > 0;
  }

  #answer(row: RowSuggestion["row"], why: string): void {
    const observation = this.#replay.answer(row);
    const { experiment, setting, outcome } = observation;
    this.count += 1;
    const values = valuesOf(observation);
    const unusable = outcome.kind === "failed" ? [outcome.reason] : [];
    this.#emit({ event: "measurement.recorded", experiment, row, setting, values, unusable });
    this.#terminal.say(
      `#${String(experiment).padEnd(4)} row ${String(row).padEnd(5)} ${describeSetting(setting, this.#table.problem.space.parameters)}  →  ${outcome.kind === "failed" ? outcome.reason : describeOutcome(numbersOf(observation))}  ${this.#terminal.paint("dim", `(${why})`)}`,
    );
    const score = this.#score(observation);
    if (score > (this.#best?.score ?? -Infinity)) this.#best = { experiment, row, score, observation };
  }

  conclude(budget: number): void {
    const best = this.#best;
    const reason = this.count < budget ? "nothing left to try" : "budget of experiments used";
    this.#emit({
      event: "campaign.concluded",
      reason,
      experiments: this.count,
      ...(best && {
        best: {
          experiment: best.experiment,
          row: best.row,
          setting: best.observation.setting,
          outcome: numbersOf(best.observation),
        },
      }),
    });
    if (best !== undefined) this.#compare(best);
  }

  /** What the campaign saved against trying rows in random order. */
  #compare(best: { experiment: number; row: number; score: number; observation: Observation }): void {
    const rows = this.#table.settings.length;
    const asGood = this.#table.outcomes.filter(
      (outcome) => this.#score({ experiment: 0, setting: {}, outcome }) >= best.score,
    ).length;
    // The expected place of the first of k good rows in a random order of n.
    const random = (rows + 1) / (asGood + 1);
    this.#terminal.say("");
    this.#terminal.say(
      `best: ${describeOutcome(numbersOf(best.observation))} in row ${best.row}, found in experiment ${best.experiment}; ${asGood === 1 ? "no other row is" : `${asGood - 1} other rows are`} as good`,
    );
    this.#terminal.say(`a random order finds one as good in experiment ${random.toFixed(0)} on average`);
  }

  #score(observation: Observation): number {
    const { goal } = this.#table.problem;
    if (observation.outcome.kind === "failed" || goal.kind !== "optimise") return -Infinity;
    return scoreOf(goal.objectives, numbersOf(observation));
  }

  #emit(event: { readonly event: string } & Record<string, unknown>): void {
    this.#seq += 1;
    if (!this.#terminal.json) return;
    const { event: kind, ...fields } = event;
    this.#terminal.emit({
      event: kind,
      campaign: this.#campaign,
      seq: this.#seq,
      time: BEGINNING,
      ...fields,
    });
  }
}

function numbersOf({ outcome }: Observation): Record<string, number> {
  if (outcome.kind === "failed") return {};
  return Object.fromEntries(Object.entries(outcome.values).map(([name, { value }]) => [name, value]));
}

function valuesOf(observation: Observation): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(numbersOf(observation)).map(([name, value]) => [
      name,
      { value, unit: "1", standardUncertainty: 0 },
    ]),
  );
}

/** Tables of descriptors by parameter. */
async function descriptorsOf(written: readonly string[] = []): Promise<Map<string, CsvFile>> {
  const tables = new Map<string, CsvFile>();
  for (const text of written) {
    const [name, file] = namedValue("--descriptors", text, "solvent=solvents.csv");
    tables.set(name, await readTable(file));
  }
  return tables;
}

type NamedObjective = { readonly measurement: string; readonly direction: Direction };

/** Objectives from --maximise, --minimise and --objectives; names without a direction follow the other option. */
function objectivesOf(options: ReplayOptions): NamedObjective[] {
  const objectives = new Map<string, Direction>();
  for (const kind of ["maximise", "minimise"] as const)
    for (const name of nameList(options[kind])) objectives.set(name, { kind });
  const usual = [...objectives.values()][0];
  for (const written of nameList(options.objectives)) {
    const [, name = written, way] = /^(.*):(max|min|maximise|minimise)$/.exec(written) ?? [];
    const direction =
      way === undefined ? usual : ({ kind: way.startsWith("max") ? "maximise" : "minimise" } as const);
    if (direction === undefined)
      throw new CliError({
        code: "cli.no-direction",
        message: `"${written}" says neither maximise nor minimise`,
        advice: `write --objectives ${written}:maximise, or ${written}:minimise`,
      });
    if (!objectives.has(name)) objectives.set(name, direction);
  }
  if (objectives.size > 0)
    return [...objectives].map(([measurement, direction]) => ({ measurement, direction }));
  throw new CliError({
    code: "cli.no-goal",
    message: "there is nothing to look for",
    advice: "name a column with --maximise or --minimise",
  });
}

function startRows(text: string | undefined, rows: number): number[] {
  return nameList(text).map((each) => {
    const row = wholeNumber("--start", each) as number;
    if (row < rows) return row;
    throw new CliError({
      code: "cli.no-row",
      message: `--start names row ${row}, but the table's last row is ${rows - 1}`,
      advice: "rows are counted from 0, the header not included",
    });
  });
}
