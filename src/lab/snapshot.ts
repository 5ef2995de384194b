import type { Progress } from "./progress.ts";

/** How numbers are written that JSON has no words for; a log-weight of -∞ must not come back as null, which counts as 0. */
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ["~Infinity", Infinity],
  ["~-Infinity", -Infinity],
  ["~NaN", Number.NaN],
]);

/** Raised whenever a machine remembers something else than before; the states of another form are folded anew. */
const FORM = 3;

/** A campaign's progress as the text that a snapshot keeps; the same progress gives the same text. */
export function writeSnapshot(progress: Progress): string {
  return JSON.stringify({ form: FORM, progress }, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? `~${value}` : value,
  );
}

/** The progress that a snapshot keeps; undefined when another version of labloop wrote it. */
export function readSnapshot(text: string): Progress | undefined {
  const { form, progress } = JSON.parse(text, (_, value: unknown) =>
    typeof value === "string" && NOT_FINITE.has(value) ? NOT_FINITE.get(value) : value,
  ) as { readonly form?: number; readonly progress?: Progress };
  return form === FORM ? progress : undefined;
}
