import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { parseSourceFile, type SourceFile } from "./source-file.ts";

function source(text: string): SourceFile {
  const parsed = parseSourceFile("a.yaml", text);
  if (parsed.kind === "faults") throw new Error(parsed.faults[0]?.message);
  return parsed.source;
}

function codes(text: string): string[] {
  const parsed = parseSourceFile("a.yaml", text);
  return parsed.kind === "faults" ? parsed.faults.map(({ code }) => code) : [];
}

/** The character of a text at a place. */
function at(text: string, { line, column }: { line: number; column: number }): string | undefined {
  return text.split("\n")[line - 1]?.[column - 1];
}

describe("a place in a file", () => {
  it.each([
    ["plain", "key: cyan + X\n"],
    ["double quotes", 'key: "cyan + X"\n'],
    ["single quotes", "key: 'cyan + X'\n"],
    ["folded", "key: >-\n  cyan\n  + X\n"],
    ["folded, with more indentation", "key: >\n      cyan +\n      X\n"],
    ["literal", "key: |\n  cyan +\n  X\n"],
    ["plain over two lines", "key: cyan\n  + X\n"],
    ["behind an alias", "base: &base cyan + X\nkey: *base\n"],
    ["Windows line ends", "other: 1\r\nkey: cyan + X\r\n"],
  ])("is found within a text that is written as %s", (_, text) => {
    const file = source(text);
    const value = (file.data as { key: string }).key;
    expect(at(text, file.placeOf(["key"], value.indexOf("X")))).toBe("X");
  });

  const name = fc.string({
    minLength: 1,
    maxLength: 8,
    unit: fc.constantFrom("a", "b", "c", "x", "y", "z", "_"),
  });

  prop.prop([fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), fc.nat()])(
    "is the line of the key, and the column behind it",
    (names, pick) => {
      const text = names.map((each, i) => `${each}: v${i}\n`).join("");
      const line = pick % names.length;
      const key = names[line] as string;
      expect(source(text).placeOf([key])).toEqual({ file: "a.yaml", line: line + 1, column: key.length + 3 });
      expect(source(text).placeOfKey([], key)).toEqual({ file: "a.yaml", line: line + 1, column: 1 });
    },
  );
});

describe("a file that can't be read", () => {
  it.each([
    ["a: [1, 2", "file.not-yaml"],
    ["a: 1\na: 2\n", "file.not-yaml"],
    ["a: 1\n---\nb: 2\n", "file.not-yaml"],
    ["a: *b\n", "file.not-yaml"],
    ["a: &a [*a]\n", "file.not-yaml"],
    ["a: &a { b: { c: *a } }\n", "file.not-yaml"],
    ["a: \0\n", "file.not-text"],
    [`a: ${"[".repeat(65)}${"]".repeat(65)}`, "file.too-deep"],
    [`a: ${"[".repeat(20_000)}`, "file.too-deep"],
    ["- ".repeat(20_000), "file.too-deep"],
    [`a: ${"x".repeat(5_000_000)}`, "file.too-large"],
  ])("is refused (case %#)", (text, code) => {
    expect(codes(text)[0]).toBe(code);
  });

  it("is refused when its aliases would multiply without end", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let n = 1; n < 20; n++)
      lines.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(", ")}]`);
    expect(codes(lines.join("\n"))).toEqual(["file.too-many-aliases"]);
  });

  it("may be as deep as a long procedure, and may use some aliases", () => {
    expect(codes(`a: ${"[".repeat(60)}${"]".repeat(60)}`)).toEqual([]);
    expect(codes("a: &a [1, 2]\nb: *a\nc: *a\n")).toEqual([]);
  });
});
