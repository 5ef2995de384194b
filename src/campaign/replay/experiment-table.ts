import { type Fault, nearestName } from "../../base/fault.ts";
import type { Design, Direction, Problem } from "../../experiment/design/task/problem.ts";
import type { Mixture } from "../../experiment/space/space.ts";
import type { Outcome } from "../../hypothesis/observation.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { SUM_TOLERANCE } from "../compile/candidates.ts";
import { describeByTable } from "../compile/descriptors.ts";
import { START_ON_LIST } from "../compile/goal.ts";
import type { CsvFile, CsvRow } from "../file/csv-file.ts";

/** What the columns of a table of past experiments mean. */
export interface TableRoles {
  readonly parameters: readonly string[];
  /** Those of `parameters` that are choices even if they look like numbers. */
  readonly categorical: readonly string[];
  /** Those of `parameters` that sum to a whole; empty when none do. */
  readonly mixture: readonly string[];
  /** Tables of numbers for each choice, by parameter; these are choices too. */
  readonly descriptors?: ReadonlyMap<string, CsvFile>;
  readonly objectives: readonly { readonly measurement: string; readonly direction: Direction }[];
  readonly seed: number;
}

/** Past experiments, as a problem over a list of settings with known outcomes. */
export interface ExperimentTable {
  readonly problem: Problem;
  readonly settings: readonly Setting[];
  readonly outcomes: readonly Outcome[];
  /** Something in the table that isn't as the roles say, and what was made of it. */
  readonly remark?: string;
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
  const choices = new Set([...roles.categorical, ...(roles.descriptors?.keys() ?? [])]);
  const plain = roles.parameters.map((name) => parameterOf(csv, name, choices.has(name)));
  const parameters = plain.map((parameter) => described(parameter, roles, faults));
  for (const { name, kind } of parameters) {
    const empty = csv.rows.find(({ cells }) => cells[name] === "");
    if (empty !== undefined && kind !== "categorical")
      faults.push(faultAt(csv, empty.line, `"${name}" is empty`, "fill it in, or take the row out"));
  }
  if (faults.length > 0) return { kind: "faults", faults };
  const { mixture, remark } = mixtureOf(csv, roles.mixture, parameters);
  return {
    kind: "table",
    table: {
      problem: problemOf(parameters, mixture, roles),
      settings: csv.rows.map((row) => settingOf(parameters, row)),
      outcomes: csv.rows.map((row) => outcomeOf(roles, row)),
      ...(remark === undefined ? {} : { remark }),
    },
  };
}

function missingColumns(csv: CsvFile, roles: TableRoles): Fault[] {
  const { parameters, categorical, mixture, descriptors, objectives } = roles;
  const faults: Fault[] = [];
  for (const name of [...parameters, ...objectives.map(({ measurement }) => measurement)]) {
    if (csv.columns.includes(name)) continue;
    const near = nearestName(name, csv.columns);
    const advice = near === undefined ? `its columns: ${csv.columns.join(", ")}` : `did you mean "${near}"?`;
    faults.push(faultAt(csv, 1, `there is no column "${name}"`, advice));
  }
  for (const name of [...categorical, ...mixture, ...(descriptors?.keys() ?? [])]) {
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

/** A parameter with the numbers that a table has for its choices. */
function described(parameter: Parameter, { descriptors }: TableRoles, faults: Fault[]): Parameter {
  const table = descriptors?.get(parameter.name);
  if (table === undefined || parameter.kind !== "categorical") return parameter;
  const describing = describeByTable(parameter.choices, table);
  if (describing.kind === "described") return { ...parameter, ...describing.described };
  const { code, message, advice, line = 1 } = describing;
  faults.push({ code, message, advice, place: { file: table.file, line, column: 1 } });
  return parameter;
}

/** The mixture of some columns; none, and a remark, when they don't sum to the same whole in every row. */
function mixtureOf(csv: CsvFile, names: readonly string[], parameters: readonly Parameter[]): MixtureReading {
  if (names.length === 0) return {};
  const members = parameters.filter(({ name }) => names.includes(name));
  const category = members.find(({ kind }) => kind === "categorical");
  if (category !== undefined)
    return { remark: `"${category.name}" is no amount: --mixture is not looked at` };
  const sums = csv.rows.map(({ cells }) => names.reduce((sum, name) => sum + Number(cells[name]), 0));
  const total = sums[0] as number;
  const other = sums.findIndex((sum) => !(Math.abs(sum - total) <= SUM_TOLERANCE * Math.abs(total)));
  if (other >= 0) {
    const sum = Number((sums[other] as number).toPrecision(4));
    return {
      remark: `${names.join(" + ")} is ${sum} in line ${csv.rows[other]?.line}, but ${Number(total.toPrecision(4))} in the first row: they are taken as amounts without a fixed total`,
    };
  }
  const constant = members.reduce((sum, each) => sum + (each.kind === "constant" ? each.value : 0), 0);
  const free = members.filter(({ kind }) => kind === "continuous").map(({ name }) => name);
  return free.length < 2 ? {} : { mixture: { parameters: free, total: total - constant, unit: "1" } };
}

interface MixtureReading {
  readonly mixture?: Mixture;
  readonly remark?: string;
}

const START: Design["first"] = { method: "sobol", count: START_ON_LIST };

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
    design: { first: START, then: "optimise" },
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
