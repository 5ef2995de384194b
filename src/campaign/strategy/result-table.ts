import { type Fault, nearestName } from "../../base/fault.ts";
import { unitOf } from "../../base/unit.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import type { ObservedValue } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { numberIn, textOf } from "../file/cell-value.ts";
import type { CsvFile, CsvRow } from "../file/csv-file.ts";
import type { Result } from "./result.ts";

/** Results and settings under way, or everything that is wrong with their table. */
export type ResultReading =
  | { readonly kind: "results"; readonly results: readonly Result[]; readonly pending: readonly Setting[] }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** Column that says why an experiment gave nothing. */
const FAILED = "failed";
/** What follows a measurement's name in the column of its standard deviation. */
const SPREAD = "_uncertainty";

/**
 * Reads results: a column for each parameter and each measurement, values in their units or with a unit of their
 * own. A row with a text in the column `failed` is a failed experiment, one without outcome is under way.
 *
 * @param pending - whether every row is under way, whatever its outcome
 */
export function readResults(problem: Problem, csv: CsvFile, pending = false): ResultReading {
  const reader = new Reader(problem, csv);
  if (csv.rows.length > 0) reader.checkColumns(pending);
  const results: Result[] = [];
  const under: Setting[] = [];
  if (reader.faults.length === 0) {
    for (const row of csv.rows) {
      const setting = reader.setting(row);
      if (pending || reader.isOpen(row)) under.push(setting);
      else results.push(reader.result(row, setting));
    }
  }
  return reader.faults.length > 0
    ? { kind: "faults", faults: reader.faults }
    : { kind: "results", results, pending: under };
}

class Reader {
  readonly faults: Fault[] = [];
  readonly #problem: Problem;
  readonly #csv: CsvFile;

  constructor(problem: Problem, csv: CsvFile) {
    this.#problem = problem;
    this.#csv = csv;
  }

  checkColumns(pending: boolean): void {
    const { space, measurements } = this.#problem;
    const free = space.parameters.filter(({ kind }) => kind !== "constant").map(({ name }) => name);
    const wanted = [...free, ...(pending ? [] : measurements.map(({ name }) => name))];
    for (const name of wanted) {
      if (this.#csv.columns.includes(name)) continue;
      const near = nearestName(name, this.#csv.columns);
      const advice =
        near === undefined ? `its columns: ${this.#csv.columns.join(", ")}` : `did you mean "${near}"?`;
      this.#add(1, `there is no column "${name}"`, advice);
    }
  }

  isOpen({ cells }: CsvRow): boolean {
    const empty = this.#problem.measurements.every(({ name }) => (cells[name] ?? "") === "");
    return empty && (cells[FAILED] ?? "") === "";
  }

  setting(row: CsvRow): Setting {
    const entries = this.#problem.space.parameters.map((parameter) => {
      const { name } = parameter;
      const text = textOf(row.cells[name] ?? "");
      if (parameter.kind === "constant") return [name, parameter.value];
      if (parameter.kind !== "categorical") return [name, this.#number(row, name, text, parameter.unit)];
      if (!parameter.choices.includes(text))
        this.#add(
          row.line,
          `"${text}" is no choice of "${name}"`,
          `its choices: ${parameter.choices.join(", ")}`,
        );
      return [name, text];
    });
    return Object.fromEntries(entries) as Setting;
  }

  result(row: CsvRow, setting: Setting): Result {
    const failed = row.cells[FAILED] ?? "";
    if (failed !== "") return { setting, failed };
    const outcome: Record<string, ObservedValue> = {};
    for (const { name, unit } of this.#problem.measurements) {
      const spread = row.cells[name + SPREAD] ?? "";
      outcome[name] = {
        value: this.#number(row, name, row.cells[name] ?? "", unit),
        standardUncertainty: spread === "" ? 0 : this.#number(row, name + SPREAD, spread, unit, true),
      };
    }
    return { setting, outcome };
  }

  #number(row: CsvRow, column: string, text: string, symbol: string, difference = false): number {
    const value = numberIn(text, unitOf(symbol), difference);
    if (value !== undefined) return value;
    this.#add(
      row.line,
      text === "" ? `"${column}" is empty` : `"${text}" is no value for "${column}"`,
      `write a number${symbol === "1" ? "" : ` in ${symbol}`}; a failed experiment has a text in the column "${FAILED}"`,
    );
    return Number.NaN;
  }

  #add(line: number, message: string, advice: string): void {
    this.faults.push({
      code: "table.bad",
      message,
      advice,
      place: { file: this.#csv.file, line, column: 1 },
    });
  }
}
