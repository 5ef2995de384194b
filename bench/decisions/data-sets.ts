import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A complete table of experiments, and how a campaign over it is told to `labloop replay`. */
export interface DataSet {
  readonly name: string;
  readonly file: string;
  /** Options of `labloop replay` that say what the columns are. */
  readonly roles: readonly string[];
  /** What is to be made large, row by row; the sign is turned where less is better. */
  readonly scores: readonly number[];
  /** Rows to begin with, for as many seeds as were published; empty where none were. */
  readonly starts: readonly (readonly number[])[];
}

/** The sets with one objective below a folder that is laid out as the benchmarks of PV-Lab, Olympus and EDBO are. */
export function dataSets(folder: string): DataSet[] {
  return [
    ...pvlab(join(folder, "pvlab")),
    ...olympus(join(folder, "olympus")),
    ...edbo(join(folder, "edbo")),
  ];
}

/** Sets whose settings sum to a whole. */
const MIXTURES: ReadonlySet<string> = new Set(["perovskite"]);

interface PvlabProtocol {
  readonly datasets: Readonly<Record<string, { readonly init_indices: readonly (readonly number[])[] }>>;
}

function pvlab(folder: string): DataSet[] {
  if (!existsSync(folder)) return [];
  const { datasets } = JSON.parse(readFileSync(join(folder, "protocol.json"), "utf8")) as PvlabProtocol;
  return Object.entries(datasets).map(([name, { init_indices: starts }]) => {
    const file = join(folder, `${name}.csv`);
    const [header = [], ...rows] = cells(file);
    const objective = header.indexOf("objective_maximise");
    const parameters = header.slice(0, objective);
    return {
      name,
      file,
      roles: [
        "--parameters",
        parameters.join(","),
        "--maximise",
        "objective_maximise",
        ...(MIXTURES.has(name) ? ["--mixture", parameters.join(",")] : []),
      ],
      scores: rows.map((row) => Number(row[objective])),
      starts,
    };
  });
}

interface OlympusConfig {
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly measurements: readonly { readonly name: string }[];
  readonly default_goal: string | readonly string[];
  readonly constraints?: { readonly parameters?: string };
}

function olympus(folder: string): DataSet[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "config.json")))
    .map((name) => {
      const config = JSON.parse(readFileSync(join(folder, name, "config.json"), "utf8")) as OlympusConfig;
      const file = join(folder, name, "data.csv");
      const parameters = config.parameters.map((each) => each.name);
      const measurements = config.measurements.map((each) => each.name);
      const [measurement = ""] = measurements;
      const [goal] = [config.default_goal].flat();
      const categorical = config.parameters
        .filter(({ type }) => type === "categorical")
        .map((each) => each.name);
      return {
        name,
        file,
        roles: [
          "--columns",
          [...parameters, ...measurements].join(","),
          "--parameters",
          parameters.join(","),
          goal === "minimize" ? "--minimise" : "--maximise",
          measurement,
          ...(categorical.length === 0 ? [] : ["--categorical", categorical.join(",")]),
          ...(config.constraints?.parameters === "simplex" ? ["--mixture", parameters.join(",")] : []),
        ],
        scores: cells(file).map((row) => (goal === "minimize" ? -1 : 1) * Number(row[parameters.length])),
        starts: [],
      };
    });
}

function edbo(folder: string): DataSet[] {
  const file = join(folder, "suzuki", "experiment_index.csv");
  if (!existsSync(file)) return [];
  const [header = [], ...rows] = cells(file);
  const parameters = header.slice(1, -1);
  return [
    {
      name: "edbo_suzuki",
      file,
      roles: [
        "--parameters",
        parameters.join(","),
        "--categorical",
        parameters.join(","),
        "--maximise",
        "yield",
      ],
      scores: rows.map((row) => Number(row.at(-1))),
      starts: [],
    },
  ];
}

/** Tables here have no quoted cells. */
function cells(file: string): string[][] {
  return readFileSync(file, "utf8")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
}
