import { fc } from "@fast-check/vitest";

/** What files, lines and attackers put where something else belongs. */
const WORDS = [
  "__proto__",
  "constructor",
  "toString",
  "prototype",
  "null",
  "~",
  "NaN",
  "Infinity",
  "-0",
  "1e999",
  "1e-999",
  "9007199254740993",
  "\u0000",
  "\uFEFF",
  "\uFFFD",
  "µ",
  "°",
  "\r",
  "\n",
  "\t",
  "\u0002",
  "\u0003",
  ",",
  ":",
  "- ",
  "? ",
  "&a ",
  "*a",
  "!!binary ",
  "|",
  ">",
  "#",
  "[",
  "]",
  "{",
  "}",
  "(",
  ")",
  '"',
  "'",
  "^",
  "*",
  "/",
  "=",
  "+",
  "-",
  "@",
  "%",
  "${HOME}",
  "../../",
  "#40",
  "<<: ",
  "---\n",
  "1/",
  "degC",
  "mL/min",
  "or",
  "not ",
  "a.b.c",
] as const;

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
  readonly times: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: 0, max: 200 })),
  put: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant("") },
  ),
  times: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 300 })),
});

/** Texts that were good until somebody cut something out and put something else in. */
export function mutated(good: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...good), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([text, edits]) =>
      edits.reduce((before, { at, cut, put, times }) => {
        const from = Math.floor(at * before.length);
        return before.slice(0, from) + put.repeat(times) + before.slice(from + cut);
      }, text),
    );
}
