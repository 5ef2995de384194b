import { suggest } from "../../base/suggest.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import type { LinkedTables } from "../file/linked-tables.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenParameter } from "../schema/campaign-schema.ts";
import { listedChoices } from "./candidate-limits.ts";
import type { CandidateSource } from "./candidate-source.ts";
import {
  type Described,
  type Describing,
  describeByNumbers,
  describeBySmiles,
  describeByTable,
} from "./descriptors.ts";
import type { FaultCollector } from "./faults.ts";

type Written = Extract<WrittenParameter, { choices: unknown }>;

/** What a campaign file is compiled with that lies outside of it. */
export interface Outside {
  readonly tables: LinkedTables;
  /** Candidates that a program gives; those of a file are among the tables. */
  readonly candidates?: CandidateSource;
}

/** Without descriptors each choice is a dimension of its own; more than these teach nothing about each other. */
const MOST_BARE_CHOICES = 128;

/** A choice among names, with what describes them. */
export function compileCategorical(
  faults: FaultCollector,
  path: Path,
  name: string,
  written: Written,
  { tables, candidates }: Outside,
): Parameter | undefined {
  const choices = choicesOf(faults, path, name, written, candidates);
  if (choices === undefined) return undefined;
  const described = describedOf(faults, path, name, { written, choices, tables });
  if (described === undefined) return undefined;
  if (described.descriptors === undefined && choices.length > MOST_BARE_CHOICES) {
    faults.add(
      "campaign.bad-descriptors",
      path,
      `"${name}" has ${choices.length} choices, and nothing tells which of them are alike`,
      "give `descriptors` or `smiles`",
    );
    return undefined;
  }
  return { kind: "categorical", name, choices, ...described };
}

function choicesOf(
  faults: FaultCollector,
  path: Path,
  name: string,
  { choices }: Written,
  candidates: CandidateSource | undefined,
): readonly string[] | undefined {
  if (typeof choices === "string") return listedChoices(faults, path, name, candidates);
  const known = new Set<string>();
  const twice = choices.findIndex((choice) => known.size === known.add(choice).size);
  if (twice >= 0)
    faults.add(
      "campaign.empty-range",
      [...path, "choices", twice],
      `"${choices[twice]}" is a choice of "${name}" twice`,
      "take one of them out",
    );
  return choices;
}

interface Choosing {
  readonly written: Written;
  readonly choices: readonly string[];
  readonly tables: LinkedTables;
}

function describedOf(
  faults: FaultCollector,
  path: Path,
  name: string,
  { written, choices, tables }: Choosing,
): Described | undefined {
  const { descriptors, smiles } = written;
  if (descriptors !== undefined && smiles !== undefined) {
    faults.add(
      "campaign.bad-descriptors",
      [...path, "smiles"],
      `"${name}" has both descriptors and smiles`,
      "take one of them out",
    );
    return undefined;
  }
  if (smiles !== undefined) return bySmiles(faults, [...path, "smiles"], name, choices, smiles);
  if (descriptors === undefined) return {};
  const at: Path = [...path, "descriptors"];
  if (typeof descriptors !== "string") return byNumbers(faults, at, name, choices, descriptors);
  const table = tables.get(descriptors);
  if (table !== undefined) return taken(faults, at, describeByTable(choices, table), table.file);
  faults.add(
    "campaign.bad-descriptors",
    at,
    `"${descriptors}" isn't read: a program gives the numbers themselves`,
    "write descriptors: { choice: [numbers], … }",
  );
  return undefined;
}

function byNumbers(
  faults: FaultCollector,
  path: Path,
  name: string,
  choices: readonly string[],
  descriptors: Readonly<Record<string, readonly number[]>>,
): Described | undefined {
  const numbers = new Map(Object.entries(descriptors));
  const lengths = new Set(choices.map((choice) => numbers.get(choice)?.length));
  if (!lengths.has(undefined) && lengths.size === 1) return describeByNumbers(choices, numbers);
  faults.add(
    "campaign.bad-descriptors",
    path,
    `every choice of "${name}" needs descriptors, equally many for each`,
    `add them for ${choices.filter((choice) => !numbers.has(choice)).join(", ") || choices.join(", ")}`,
  );
  return undefined;
}

function bySmiles(
  faults: FaultCollector,
  path: Path,
  name: string,
  choices: readonly string[],
  smiles: Readonly<Record<string, string>> | true,
): Described | undefined {
  if (smiles === true) return taken(faults, path, describeBySmiles(choices, choices));
  const molecules = new Map(Object.entries(smiles));
  const missing = choices.find((choice) => !molecules.has(choice));
  if (missing !== undefined) {
    faults.add(
      "campaign.bad-smiles",
      path,
      `the choice "${missing}" of "${name}" has no SMILES`,
      suggest(missing, [...molecules.keys()], "there are SMILES of"),
    );
    return undefined;
  }
  return taken(
    faults,
    path,
    describeBySmiles(
      choices,
      choices.map((choice) => molecules.get(choice) as string),
    ),
  );
}

function taken(
  faults: FaultCollector,
  path: Path,
  describing: Describing,
  file?: string,
): Described | undefined {
  if (describing.kind === "described") return describing.described;
  const { code, message, advice, line } = describing;
  if (file === undefined || line === undefined) faults.add(code, path, message, advice);
  else faults.put({ code, message, advice, place: { file, line, column: 1 } });
  return undefined;
}
