import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DataSet, dataSet } from "./data-set.ts";

/** The sets below a folder that is laid out as the benchmarks of PV-Lab, Olympus and EDBO are. */
export function dataSets(folder: string): DataSet[] {
  return [
    ...pvlab(join(folder, "pvlab")),
    ...olympus(join(folder, "olympus")),
    ...edbo(join(folder, "edbo")),
  ];
}

/** Sets whose settings sum to a whole. */
const MIXTURES: ReadonlySet<string> = new Set(["perovskite"]);
/** Sets of which every objective is looked for at once as well, under this name. */
const SEVERAL_OBJECTIVES: Readonly<Record<string, string>> = { redoxmers: "redoxmers-3" };

interface PvlabProtocol {
  readonly datasets: Readonly<Record<string, { readonly init_indices: readonly (readonly number[])[] }>>;
}

function pvlab(folder: string): DataSet[] {
  if (!existsSync(folder)) return [];
  const { datasets } = JSON.parse(readFileSync(join(folder, "protocol.json"), "utf8")) as PvlabProtocol;
  return Object.entries(datasets).map(([name, { init_indices: starts }]) => {
    const file = join(folder, `${name}.csv`);
    const [header = [], ...cells] = read(file);
    return dataSet({
      name,
      file,
      header,
      headless: false,
      cells,
      parameters: header.slice(0, header.indexOf("objective_maximise")),
      categorical: [],
      mixture: MIXTURES.has(name),
      objectives: [{ name: "objective_maximise", way: "maximise" }],
      starts,
    });
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
    .flatMap((name) => olympusSets(join(folder, name), name));
}

function olympusSets(folder: string, name: string): DataSet[] {
  const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as OlympusConfig;
  const file = join(folder, "data.csv");
  const parameters = config.parameters.map((each) => each.name);
  const goals = [config.default_goal].flat();
  const objectives = config.measurements.map((each, i) => ({
    name: each.name,
    way: goals[i] === "minimize" ? ("minimise" as const) : ("maximise" as const),
  }));
  const description = {
    file,
    header: [...parameters, ...objectives.map((each) => each.name)],
    headless: true,
    cells: read(file),
    parameters,
    categorical: config.parameters.filter(({ type }) => type === "categorical").map((each) => each.name),
    mixture: config.constraints?.parameters === "simplex",
  };
  const several = SEVERAL_OBJECTIVES[name];
  return [
    dataSet({ ...description, name, objectives: objectives.slice(0, 1) }),
    ...(several === undefined ? [] : [dataSet({ ...description, name: several, objectives })]),
  ];
}

function edbo(folder: string): DataSet[] {
  const file = join(folder, "suzuki", "experiment_index.csv");
  if (!existsSync(file)) return [];
  const [header = [], ...cells] = read(file);
  const parameters = header.slice(1, -1);
  return [
    dataSet({
      name: "edbo_suzuki",
      file,
      header,
      headless: false,
      cells,
      parameters,
      categorical: parameters,
      mixture: false,
      objectives: [{ name: "yield", way: "maximise" }],
    }),
  ];
}

/** Tables here have no quoted cells. */
function read(file: string): string[][] {
  return readFileSync(file, "utf8")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
}
