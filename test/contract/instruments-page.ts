import { readFileSync, writeFileSync } from "node:fs";

const PAGE = "docs/instruments.md";

/** Prints a table, and with LABLOOP_WRITE_DOCS puts it into docs/instruments.md under its heading. */
export function publish(heading: string, table: readonly string[]): void {
  console.log(table.join("\n"));
  if (process.env["LABLOOP_WRITE_DOCS"] === undefined) return;
  const parts = readFileSync(PAGE, "utf8").split(/^(?=## )/m);
  const written = parts.map((part) =>
    part.startsWith(`## ${heading}\n`)
      ? `${part.slice(0, part.indexOf("\n|") + 1)}${table.join("\n")}\n\n`
      : part,
  );
  writeFileSync(PAGE, `${written.join("").trimEnd()}\n`);
}

/** The table of docs/instruments.md under a heading, as lines. */
export function published(heading: string): string[] {
  const parts = readFileSync(PAGE, "utf8").split(/^(?=## )/m);
  const part = parts.find((each) => each.startsWith(`## ${heading}\n`)) ?? "";
  return part.split("\n").filter((line) => line.startsWith("|"));
}
