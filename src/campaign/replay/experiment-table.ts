import { type Fault, nearestName } from "../../base/fault.ts";
import type { Design, Direction, Problem } from "../../experiment/design/problem.ts";
import type { Mixture } from "../../experiment/space/space.ts";
import type { Outcome } from "../../hypothesis/observation.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import type { CsvFile, CsvRow } from "../file/csv-file.ts";

/** What the columns of a table of past experiments mean. */
export interface TableRoles {
  readonly parameters: readonly string[];
  /** Those of `parameters` that are choices even if they look like numbers. */
  readonly categorical: readonly string[];
  /** Those of `parameters` that sum to a whole; empty when none do. */
  readonly mixture: readonly string[];
  readonly objectives: readonly { readonly measurement: string; readonly direction: Direction }[];
  readonly seed: number;
}

/** Past experiments, as a problem over a list of settings with known outcomes. */
export interface ExperimentTable {
  readonly problem: Problem;
  readonly settings: readonly Setting[];
  readonly outcomes: readonly Outcome[];
}

/** A table that fits its roles, or everything that is wrong with it. */
export type TableReading =
  | { readonly kind: "table"; readonly table: ExperimentTable }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** Reads past experiments; a row without a number for an objective counts as a failed experiment. */
export function readExperimentTable(csv: CsvFile, roles: TableRoles): TableReading {
  const faults = missingColumns(csv, roles);
  if (csv.rows.length === 0)
    faults.push(faultAt(csv, 1, "the table has no rows", "give a table with one experiment a row"));
  if (faults.length > 0) return { kind: "faults", faults };
  const parameters = roles.parameters.map((name) => parameterOf(csv, name, roles.categorical.includes(name)));
  for (const { name, kind } of parameters) {
    const empty = csv.rows.find(({ cells }) => cells[name] === "");
    if (empty !== undefined && kind !== "categorical")
      faults.push(faultAt(csv, empty.line, `"${name}" is empty`, "fill it in, or take the row out"));
  }
  const mixture = mixtureOf(csv, roles.mixture, parameters, faults);
  if (faults.length > 0) return { kind: "faults", faults };
  return {
    kind: "table",
    table: {
      problem: problemOf(parameters, mixture, roles),
      settings: csv.rows.map((row) => settingOf(parameters, row)),
      outcomes: csv.rows.map((row) => outcomeOf(roles, row)),
    },
  };
}

function missingColumns(csv: CsvFile, { parameters, categorical, mixture, objectives }: TableRoles): Fault[] {
  const faults: Fault[] = [];
  for (const name of [...parameters, ...objectives.map(({ measurement }) => measurement)]) {
    if (csv.columns.includes(name)) continue;
    const near = nearestName(name, csv.columns);
    const advice = near === undefined ? `its columns: ${csv.columns.join(", ")}` : `did you mean "${near}"?`;
    faults.push(faultAt(csv, 1, `there is no column "${name}"`, advice));
  }
  for (const name of [...categorical, ...mixture]) {
    if (parameters.includes(name)) continue;
    faults.push(faultAt(csv, 1, `"${name}" is none of the parameters`, "name it in --parameters as well"));
  }
  return faults;
}

function parameterOf(csv: CsvFile, name: string, categorical: boolean): Parameter {
  const cells = csv.rows.map((row) => row.cells[name] ?? "");
  if (categorical || cells.some((cell) => cell !== "" && !Number.isFinite(Number(cell)))) {
    return { kind: "categorical", name, choices: [...new Set(cells)] };
  }
  const values = cells.map(Number);
  const [minimum, maximum] = [Math.min(...values), Math.max(...values)];
  return minimum === maximum
    ? { kind: "constant", name, unit: "1", value: minimum }
    : { kind: "continuous", name, unit: "1", minimum, maximum, scale: "linear" };
}

/** How far apart the sums of a mixture may be, relative to the whole; tables are rounded. */
const SUM_TOLERANCE = 0.02;

function mixtureOf(
  csv: CsvFile,
  names: readonly string[],
  parameters: readonly Parameter[],
  faults: Fault[],
): Mixture | undefined {
  if (names.length === 0) return undefined;
  const category = parameters.find(({ kind, name }) => names.includes(name) && kind === "categorical");
  if (category !== undefined) {
    faults.push(faultAt(csv, 1, `"${category.name}" is no amount, so that it can't be part of a mixture`));
    return undefined;
  }
  const sumOf = ({ cells }: CsvRow): number => names.reduce((sum, name) => sum + Number(cells[name]), 0);
  const total = sumOf(csv.rows[0] as CsvRow);
  const other = csv.rows.find((row) => Math.abs(sumOf(row) - total) > SUM_TOLERANCE * Math.abs(total));
  if (other !== undefined) {
    const message = `${names.join(" + ")} is ${sumOf(other)} here, but ${total} in the first row`;
    faults.push(faultAt(csv, other.line, message, "take these columns out of --mixture"));
  }
  const members = parameters.filter(({ name }) => names.includes(name));
  const constant = members.reduce((sum, each) => sum + (each.kind === "constant" ? each.value : 0), 0);
  const free = members.filter(({ kind }) => kind === "continuous").map(({ name }) => name);
  return { parameters: free, total: total - constant, unit: "1" };
}

/** A start of twice the dimension shows every direction; a list of choices needs no more than a few. */
function startOf(parameters: readonly Parameter[]): Design["first"] {
  const free = parameters.filter(({ kind }) => kind !== "constant").length;
  return { method: "sobol", count: Math.max(2, Math.min(10, 2 * free)) };
}

function problemOf(
  parameters: readonly Parameter[],
  mixture: Mixture | undefined,
  { objectives, seed }: TableRoles,
): Problem {
  return {
    space: { parameters, mixtures: mixture === undefined ? [] : [mixture], constraints: [] },
    measurements: objectives.map(({ measurement }) => ({ name: measurement, unit: "1" })),
    goal: { kind: "optimise", objectives },
    hypotheses: [{ kind: "surrogate", name: "surrogate" }],
    design: { first: startOf(parameters), then: "optimise" },
    seed,
  };
}

function settingOf(parameters: readonly Parameter[], { cells }: CsvRow): Setting {
  return Object.fromEntries(
    parameters.map(({ name, kind }) => [
      name,
      kind === "categorical" ? (cells[name] as string) : Number(cells[name]),
    ]),
  );
}

function outcomeOf({ objectives }: TableRoles, { cells }: CsvRow): Outcome {
  const values = objectives.map(({ measurement }) => {
    const cell = cells[measurement] ?? "";
    return [measurement, { value: cell === "" ? Number.NaN : Number(cell), standardUncertainty: 0 }] as const;
  });
  const missing = values.find(([, { value }]) => !Number.isFinite(value));
  return missing === undefined
    ? { kind: "measured", values: Object.fromEntries(values) }
    : { kind: "failed", reason: `${missing[0]} is no number in the table` };
}

function faultAt({ file }: CsvFile, line: number, message: string, advice?: string): Fault {
  const fault = { code: "table.bad", message, place: { file, line, column: 1 } };
  return advice === undefined ? fault : { ...fault, advice };
}
