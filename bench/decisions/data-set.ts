import type { Setting, StrategyDefinition } from "labloop";
import type { Column, Point, Space } from "../peers/optimiser.ts";

/** A complete table of experiments, and how a campaign over it is told to each contender. */
export interface DataSet {
  readonly name: string;
  /** The set without descriptors where this one has some; who can't use descriptors plays both alike. */
  readonly plain: string;
  /** What is asked, in the words of labloop's library; the rows are its candidates. */
  readonly question: Omit<StrategyDefinition, "seed">;
  /** The same for peers. */
  readonly space: Space;
  /** Names of the objectives in the question. */
  readonly objectives: readonly string[];
  /** What is to be made large, row by row, objective by objective; the sign is turned where less is better. */
  readonly outcomes: readonly (readonly number[])[];
  /** Rows to begin with, for as many seeds as were published; empty where none were. */
  readonly starts: readonly (readonly number[])[];
}

/** What the columns of a file are. */
export interface TableDescription {
  readonly name: string;
  readonly header: readonly string[];
  readonly cells: readonly (readonly string[])[];
  readonly parameters: readonly string[];
  readonly categorical: readonly string[];
  /** Numbers for each choice, by parameter. */
  readonly descriptors?: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly mixture: boolean;
  readonly objectives: readonly { readonly name: string; readonly way: "maximise" | "minimise" }[];
  readonly starts?: readonly (readonly number[])[];
}

/** A set as every contender needs it. */
export function dataSet(description: TableDescription): DataSet {
  const { name, cells, header, parameters, categorical, objectives, starts = [] } = description;
  const columns = parameters.map((parameter) =>
    columnOf(
      parameter,
      cells.map((row) => row[header.indexOf(parameter)] as string),
      categorical.includes(parameter),
    ),
  );
  const rows = cells.map(
    (row): Point =>
      columns.map((column) => {
        const cell = row[header.indexOf(column.name)] as string;
        return column.kind === "category" ? cell : Number(cell);
      }),
  );
  return {
    name,
    plain: name.replace(/\+.*$/, ""),
    question: questionOf(description, columns, rows),
    space: { columns, rows },
    objectives: objectives.map((each) => nameOf(each.name)),
    outcomes: cells.map((row) =>
      objectives.map((each) => (each.way === "maximise" ? 1 : -1) * Number(row[header.indexOf(each.name)])),
    ),
    starts,
  };
}

/** A set with descriptors beside the one without; alone where the descriptors are the same for all choices, as in perovskites. */
export function withDescriptors(
  description: TableDescription,
  suffix: string,
  descriptors: NonNullable<TableDescription["descriptors"]>,
): DataSet[] {
  const telling = Object.values(descriptors).some(
    (numbers) => new Set(Object.values(numbers).map((each) => each.join())).size > 1,
  );
  if (!telling) return [dataSet(description)];
  return [
    dataSet(description),
    dataSet({ ...description, name: `${description.name}+${suffix}`, descriptors }),
  ];
}

function questionOf(
  { descriptors = {}, mixture, objectives }: TableDescription,
  columns: readonly Column[],
  rows: readonly Point[],
): DataSet["question"] {
  const names = columns.map(({ name }) => nameOf(name));
  const total = mixture ? totalOf(rows as readonly (readonly number[])[]) : undefined;
  return {
    parameters: Object.fromEntries(
      columns.map((column, i) => {
        const described = descriptors[column.name];
        return [
          names[i] as string,
          column.kind === "category"
            ? { choices: "from candidates", ...(described && { descriptors: described }) }
            : { unit: "1" },
        ];
      }),
    ),
    ...(total === undefined ? {} : { mixtures: [{ of: names, total }] }),
    candidates: rows.map(
      (row): Setting => Object.fromEntries(names.map((name, i) => [name, row[i] as number])),
    ),
    measurements: Object.fromEntries(objectives.map(({ name }) => [nameOf(name), { unit: "1" }])),
    // Outcomes have their sign turned where less is better.
    goal: objectives.map(({ name }) => ({ maximise: nameOf(name) })),
  };
}

/** Letters, digits and `_` only. */
function nameOf(name: string): string {
  return name.replace(/\W/g, "_").replace(/^(?=\d)/, "_");
}

/** How far apart the sums of a mixture may be; tables are rounded. */
const SUM_TOLERANCE = 0.02;

/** What the columns of a mixture sum to; nothing when they don't sum to one whole. */
function totalOf(rows: readonly (readonly number[])[]): number | undefined {
  const sums = rows.map((row) => row.reduce((sum, each) => sum + each, 0));
  const total = sums[0] as number;
  return sums.every((sum) => Math.abs(sum - total) <= SUM_TOLERANCE * total) ? total : undefined;
}

function columnOf(name: string, cells: readonly string[], categorical: boolean): Column {
  if (categorical) return { kind: "category", name, choices: [...new Set(cells)] };
  const values = cells.map(Number);
  return {
    kind: values.every(Number.isInteger) ? "integer" : "real",
    name,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
