import { dirname, isAbsolute, join } from "node:path";
import type { Fault } from "../../base/fault.ts";
import type { WrittenQuestion } from "../schema/campaign-schema.ts";
import { type CsvFile, parseCsvFile } from "./csv-file.ts";
import type { Path, SourceFile } from "./source-file.ts";

/** Tables that a campaign file names, by the name that it gives them. */
export type LinkedTables = ReadonlyMap<string, CsvFile>;

/** The tables with their texts, or what is wrong with them. */
export type TableLinking =
  | {
      readonly kind: "tables";
      readonly tables: LinkedTables;
      readonly texts: Readonly<Record<string, string>>;
    }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** Characters; a hundred thousand candidates of twenty parameters have about half of it. */
const LARGEST = 64 * 2 ** 20;

/**
 * Reads the tables that a campaign file names.
 *
 * @param read - gives the text of a file that is named as in the campaign file
 */
export async function readLinkedTables(
  source: SourceFile,
  question: Pick<WrittenQuestion, "parameters" | "candidates" | "earlier">,
  read: (file: string) => Promise<string>,
): Promise<TableLinking> {
  const tables = new Map<string, CsvFile>();
  const texts: Record<string, string> = {};
  const faults: Fault[] = [];
  for (const [file, path] of namedTables(question)) {
    if (tables.has(file)) continue;
    const shown = isAbsolute(file) ? file : join(dirname(source.file), file);
    const table = await readTable(shown, () => read(file));
    if (table.kind === "table") {
      tables.set(file, table.table);
      texts[file] = table.text;
    } else faults.push(...table.faults.map((fault) => ({ place: source.placeOf(path), ...fault })));
  }
  return faults.length > 0 ? { kind: "faults", faults } : { kind: "tables", tables, texts };
}

function namedTables({
  parameters,
  candidates,
  earlier = [],
}: Pick<WrittenQuestion, "parameters" | "candidates" | "earlier">): [file: string, path: Path][] {
  const described = Object.entries(parameters).flatMap(([name, written]): [string, Path][] =>
    "descriptors" in written && typeof written.descriptors === "string"
      ? [[written.descriptors, ["parameters", name, "descriptors"]]]
      : [],
  );
  const results = earlier.map((file, i): [string, Path] => [file, ["earlier", i]]);
  const listed: [string, Path][] = candidates === undefined ? [] : [[candidates, ["candidates"]]];
  return [...listed, ...described, ...results];
}

type TableReading =
  | { readonly kind: "table"; readonly table: CsvFile; readonly text: string }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

async function readTable(file: string, read: () => Promise<string>): Promise<TableReading> {
  let text: string;
  try {
    text = await read();
  } catch (error) {
    return { kind: "faults", faults: [unreadable(file, error)] };
  }
  if (text.length > LARGEST)
    return {
      kind: "faults",
      faults: [
        {
          code: "file.too-large",
          message: `"${file}" has ${text.length} characters; at most ${LARGEST} are read`,
          advice: "is this the right file? leave out what can't be tried",
        },
      ],
    };
  const parsed = parseCsvFile(file, text);
  return parsed.kind === "table" ? { ...parsed, text } : parsed;
}

function unreadable(file: string, error: unknown): Fault {
  const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
  return {
    code: missing ? "file.missing" : "file.unreadable",
    message: missing ? `there is no file "${file}"` : `"${file}" can't be read: ${(error as Error).message}`,
    advice: missing
      ? "look at the path; it begins at the campaign file's folder"
      : "look at the path and its rights",
  };
}
