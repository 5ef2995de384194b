import { type Inserted, type Markup, markup } from "./markup.ts";

/** A cell; numbers stand at the right. */
export type Cell = Inserted;

/** A table of names and what there is to say of each; rows without a text are left out. */
export function factTable(rows: readonly (readonly [name: string, told: Inserted])[]): Markup {
  const told = rows.filter(([, text]) => text !== undefined && text !== "");
  return markup`<table>${told.map(([name, text]) => markup`<tr><th scope="row">${name}</th><td>${text}</td></tr>`)}</table>`;
}

/** A table with a line of headings, which is repeated on every printed page: one of many columns, or one that begins with a time. */
export function headedTable(
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
  kind?: "wide" | "log",
): Markup {
  const numeric = headings.map((_, k) => rows.length > 0 && rows.every((row) => isNumber(row[k])));
  const sort = (k: number): Markup | undefined => (numeric[k] ? markup` class="number"` : undefined);
  return markup`<table${kind && markup` class="${kind}"`}><thead><tr>${headings.map((each, k) => markup`<th scope="col"${sort(k)}>${each}</th>`)}</tr></thead><tbody>${rows.map((row) => markup`<tr>${row.map((cell, k) => markup`<td${sort(k)}>${cell}</td>`)}</tr>`)}</tbody></table>`;
}

function isNumber(cell: Cell): boolean {
  return (
    cell === undefined ||
    typeof cell === "number" ||
    (typeof cell === "string" && /^[-+]?\d[\d.e+-]*( ± [\d.e+-]+)?$|^$/.test(cell))
  );
}
