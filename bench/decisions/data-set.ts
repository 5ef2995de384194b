import type { Column, Point, Space } from "../peers/optimiser.ts";

/** A complete table of experiments, and how a campaign over it is told to each contender. */
export interface DataSet {
  readonly name: string;
  readonly file: string;
  /** Options of `labloop replay` that say what the columns are. */
  readonly roles: readonly string[];
  /** The same for peers. */
  readonly space: Space;
  /** What is to be made large, row by row, objective by objective; the sign is turned where less is better. */
  readonly outcomes: readonly (readonly number[])[];
  /** Rows to begin with, for as many seeds as were published; empty where none were. */
  readonly starts: readonly (readonly number[])[];
}

/** What the columns of a file are. */
export interface TableDescription {
  readonly name: string;
  readonly file: string;
  readonly header: readonly string[];
  /** Whether the file itself has no header. */
  readonly headless: boolean;
  readonly cells: readonly (readonly string[])[];
  readonly parameters: readonly string[];
  readonly categorical: readonly string[];
  readonly mixture: boolean;
  readonly objectives: readonly { readonly name: string; readonly way: "maximise" | "minimise" }[];
  readonly starts?: readonly (readonly number[])[];
}

/** A set as every contender needs it. */
export function dataSet(description: TableDescription): DataSet {
  const { name, file, cells, header, parameters, categorical, objectives, starts = [] } = description;
  const columns = parameters.map((parameter) =>
    columnOf(
      parameter,
      cells.map((row) => row[header.indexOf(parameter)] as string),
      categorical.includes(parameter),
    ),
  );
  return {
    name,
    file,
    roles: rolesOf(description),
    space: {
      columns,
      rows: cells.map(
        (row): Point =>
          columns.map((column) => {
            const cell = row[header.indexOf(column.name)] as string;
            return column.kind === "category" ? cell : Number(cell);
          }),
      ),
    },
    outcomes: cells.map((row) =>
      objectives.map((each) => (each.way === "maximise" ? 1 : -1) * Number(row[header.indexOf(each.name)])),
    ),
    starts,
  };
}

function rolesOf(description: TableDescription): string[] {
  const { header, headless, parameters, categorical, mixture, objectives } = description;
  const ways = (["maximise", "minimise"] as const).flatMap((way) => {
    const names = objectives.filter((each) => each.way === way).map(({ name }) => name);
    return names.length === 0 ? [] : [`--${way}`, names.join(",")];
  });
  return [
    ...(headless ? ["--columns", header.join(",")] : []),
    "--parameters",
    parameters.join(","),
    ...ways,
    ...(categorical.length === 0 ? [] : ["--categorical", categorical.join(",")]),
    ...(mixture ? ["--mixture", parameters.join(",")] : []),
  ];
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
