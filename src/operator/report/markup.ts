/** HTML or SVG that is safe to show as it is. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: texts are escaped, markup and lists of it are taken as they are, undefined is nothing. */
export type Inserted = string | number | Markup | readonly (Markup | undefined)[] | undefined;

/** A template of HTML or SVG: whatever is inserted into it as text comes out as text. */
export function markup(parts: TemplateStringsArray, ...inserted: readonly Inserted[]): Markup {
  const text = parts.reduce((before, part, i) => before + markupOf(inserted[i - 1]) + part);
  return { markup: text };
}

function markupOf(inserted: Inserted): string {
  if (inserted === undefined) return "";
  if (typeof inserted === "string") return escaped(inserted);
  if (typeof inserted === "number") return String(inserted);
  return "markup" in inserted ? inserted.markup : inserted.map(markupOf).join("");
}

/** A text for HTML and SVG, in elements and in quoted attributes; without characters that would not be shown. */
export function escaped(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;")
  );
}

/** Data for programs in a page: JSON that can't end the element that it stands in. */
export function embedded(id: string, data: unknown): Markup {
  const json = JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return { markup: `<script type="application/json" id="${escaped(id)}">${json}</script>` };
}
