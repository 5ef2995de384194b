import { readFileSync } from "node:fs";
import {
  defineProcess,
  numberSetting,
  type ProcessDefinition,
  type SimulatedProcess,
  textSetting,
} from "labloop/instrument";

/** Recorded results that answer in place of an experiment. */
export interface Table extends SimulatedProcess {
  /** Rows of numbers and words by column. */
  readonly rows: readonly Readonly<Record<string, number | string>>[];
}

/**
 * Rows of recorded data. Asked for a column with some of the others given, it answers from the row that is nearest in
 * them: numbers by their share of the column's range, words by being the same. Port: answers `rows`.
 */
export const process: ProcessDefinition<Table> = defineProcess({
  id: "table",
  settings: {
    file: textSetting("CSV file with a heading, from the folder in which labloop runs", { required: true }),
    noise: numberSetting("1", "standard deviation that is added to an answer", { minimum: 0, default: 0 }),
  },
  create({ settings, random }) {
    const rows = rowsOf(readFileSync(settings["file"] as string, "utf8"));
    const noise = random("answers");
    return {
      rows,
      ports: {
        rows: {
          kind: "answers",
          answer: (name, given) => {
            const value = nearest(rows, given)?.[name];
            return typeof value === "number"
              ? value + (settings["noise"] as number) * noise.normal()
              : undefined;
          },
        },
      },
      facts: () => [],
    };
  },
});

/** @throws RangeError for rows of different lengths and for a table without rows */
export function rowsOf(text: string): Readonly<Record<string, number | string>>[] {
  const [head = "", ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(",").map((name) => name.trim());
  if (lines.length === 0) throw new RangeError("the table has no rows");
  return lines.map((line, i) => {
    const cells = line.split(",").map((cell) => cell.trim());
    if (cells.length !== names.length)
      throw new RangeError(`line ${i + 2} of the table has ${cells.length} cells, not ${names.length}`);
    return Object.fromEntries(
      names.map((name, k) => {
        const cell = cells[k] as string;
        return [name, cell !== "" && Number.isFinite(Number(cell)) ? Number(cell) : cell];
      }),
    );
  });
}

/** The row that is nearest in what is given; the first of several. */
export function nearest(
  rows: readonly Readonly<Record<string, number | string>>[],
  given: Readonly<Record<string, number | string>>,
): Readonly<Record<string, number | string>> | undefined {
  const names = Object.keys(given).filter((name) => rows[0]?.[name] !== undefined);
  const ranges = new Map(
    names.map((name) => {
      const values = rows.map((row) => row[name]).filter((value) => typeof value === "number");
      return [name, Math.max(...values) - Math.min(...values) || 1] as const;
    }),
  );
  const distance = (row: Readonly<Record<string, number | string>>): number =>
    names.reduce((sum, name) => {
      const [mine, theirs] = [row[name], given[name]];
      if (typeof mine !== "number" || typeof theirs !== "number") return sum + (mine === theirs ? 0 : 1);
      return sum + ((mine - theirs) / (ranges.get(name) as number)) ** 2;
    }, 0);
  let best: { row: Readonly<Record<string, number | string>>; far: number } | undefined;
  for (const row of rows) {
    const far = distance(row);
    if (best === undefined || far < best.far) best = { row, far };
  }
  return best?.row;
}
