import { nearestName } from "../../base/fault.ts";
import { descriptorLikeness, standardised } from "../../hypothesis/likeness/descriptor-likeness.ts";
import { fingerprintLikeness } from "../../hypothesis/likeness/fingerprint-likeness.ts";
import { kernelCoordinates, type Likeness } from "../../hypothesis/likeness/kernel-coordinates.ts";
import type { CategoricalParameter } from "../../hypothesis/parameter.ts";
import type { CsvFile } from "../file/csv-file.ts";
import { fingerprintsOf } from "./fingerprints.ts";

/** What a categorical parameter has besides its choices. */
export type Described = Pick<CategoricalParameter, "descriptors" | "embedded">;

/** Numbers for each choice, or what is wrong with them: where (in a table), and what to do. */
export type Describing =
  | { readonly kind: "described"; readonly described: Described }
  | {
      readonly kind: "problem";
      readonly code: string;
      readonly message: string;
      readonly advice: string;
      readonly line?: number;
    };

/** Descriptors that a model can make use of, with as few data as campaigns have. */
const MOST = 8;

/** Descriptors as they are, or, where more than 8 of them differ between choices, the first 8 principal components. */
export function describeByNumbers(
  choices: readonly string[],
  numbers: ReadonlyMap<string, readonly number[]>,
): Described {
  const rows = choices.map((choice) => numbers.get(choice) ?? []);
  const differing = standardised(rows)[0]?.length ?? 0;
  if (differing > MOST) return embedded(choices, descriptorLikeness(rows));
  return differing === 0
    ? {}
    : { descriptors: Object.fromEntries(choices.map((c, i) => [c, rows[i] ?? []])) };
}

/** Descriptors from a table: the first column names the choices, the others hold numbers; further choices don't matter. */
export function describeByTable(choices: readonly string[], { columns, rows }: CsvFile): Describing {
  const [first = "", ...names] = columns;
  const known = new Set(choices);
  const numbers = new Map<string, readonly number[]>();
  if (names.length === 0)
    return bad("the table has no numbers", "write the choices in the first column, numbers in the others", 1);
  for (const { line, cells } of rows) {
    const choice = cells[first] as string;
    if (!known.has(choice)) continue;
    if (numbers.has(choice)) return bad(`"${choice}" is there twice`, "take one of the rows out", line);
    const values = names.map((name) => (cells[name] === "" ? Number.NaN : Number(cells[name])));
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      return bad(
        `"${names[at]}" of "${choice}" is no number: "${cells[names[at] as string]}"`,
        "fill it in, or take the column out",
        line,
      );
    numbers.set(choice, values);
  }
  const missing = choices.find((choice) => !numbers.has(choice));
  if (missing === undefined) return { kind: "described", described: describeByNumbers(choices, numbers) };
  const near = nearestName(
    missing,
    rows.map(({ cells }) => cells[first] as string),
  );
  return bad(
    `there is no row for "${missing}"`,
    near === undefined ? "every choice needs a row" : `did you mean "${near}"?`,
    1,
  );
}

/** Descriptors from molecules: principal coordinates of the Tanimoto distances of their fingerprints. */
export function describeBySmiles(choices: readonly string[], smiles: readonly string[]): Describing {
  const reading = fingerprintsOf(smiles);
  switch (reading.kind) {
    case "not installed":
      return {
        kind: "problem",
        code: "campaign.no-openchemlib",
        message: "`smiles` needs the package openchemlib, which is not installed",
        advice: "npm install openchemlib@9",
      };
    case "no molecule":
      return {
        kind: "problem",
        code: "campaign.bad-smiles",
        message: `"${smiles[reading.index]}"${choices[reading.index] === smiles[reading.index] ? "" : ` of "${choices[reading.index]}"`} is no SMILES: ${reading.why}`,
        advice: "write a molecule as SMILES, such as Cc1ccccc1 for toluene",
      };
    case "fingerprints":
      return {
        kind: "described",
        described: embedded(choices, fingerprintLikeness(reading.fingerprints)),
      };
  }
}

function embedded(choices: readonly string[], likeness: Likeness): Described {
  const places = kernelCoordinates(likeness, MOST);
  if (places[0]?.length === 0) return {};
  return { descriptors: Object.fromEntries(choices.map((c, i) => [c, places[i] ?? []])), embedded: true };
}

function bad(message: string, advice: string, line: number): Describing {
  return { kind: "problem", code: "campaign.bad-descriptors", message, advice, line };
}
