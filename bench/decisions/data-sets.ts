import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DataSet, dataSet, withDescriptors } from "./data-set.ts";
import { choiceDescriptors, wideDescriptors } from "./descriptor-tables.ts";

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
      header,
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
  const parameters = config.parameters.map((each) => each.name);
  const goals = [config.default_goal].flat();
  const objectives = config.measurements.map((each, i) => ({
    name: each.name,
    way: goals[i] === "minimize" ? ("minimise" as const) : ("maximise" as const),
  }));
  const description = {
    header: [...parameters, ...objectives.map((each) => each.name)],
    cells: read(join(folder, "data.csv")),
    parameters,
    categorical: config.parameters.filter(({ type }) => type === "categorical").map((each) => each.name),
    mixture: config.constraints?.parameters === "simplex",
  };
  const several = SEVERAL_OBJECTIVES[name];
  const sets = [
    { ...description, name, objectives: objectives.slice(0, 1) },
    ...(several === undefined ? [] : [{ ...description, name: several, objectives }]),
  ];
  const table = join(folder, "descriptors.csv");
  if (!existsSync(table)) return sets.map(dataSet);
  const descriptors = choiceDescriptors(read(table));
  return sets.flatMap((set) => withDescriptors(set, "descriptors", descriptors));
}

/** Tables of DFT descriptors, each with a column of SMILES, by the components of a reaction. */
const EDBO_DESCRIPTORS: Readonly<Record<string, string>> = {
  Electrophile_SMILES: "electrophile_dft.csv",
  Nucleophile_SMILES: "nucleophile_dft.csv",
  Ligand_SMILES: "ligand-boltzmann_dft.csv",
  Base_SMILES: "base_dft.csv",
  Solvent_SMILES: "solvent_dft.csv",
};

function edbo(folder: string): DataSet[] {
  const file = join(folder, "suzuki", "experiment_index.csv");
  if (!existsSync(file)) return [];
  const [header = [], ...cells] = read(file);
  const parameters = header.slice(1, -1);
  const descriptors = Object.fromEntries(
    Object.entries(EDBO_DESCRIPTORS).map(([parameter, table]) => [
      parameter,
      wideDescriptors(read(join(folder, "suzuki", table))),
    ]),
  );
  return withDescriptors(
    {
      name: "edbo_suzuki",
      header,
      cells,
      parameters,
      categorical: parameters,
      mixture: false,
      objectives: [{ name: "yield", way: "maximise" }],
    },
    "dft",
    descriptors,
  );
}

/** Tables here have no quoted cells. */
function read(file: string): string[][] {
  return readFileSync(file, "utf8")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
}
