import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** First parts of fault codes; a code of another area has to be added here. */
const AREAS = [
  "file",
  "campaign",
  "lab",
  "experiment",
  "instrument",
  "record",
  "cli",
  "notify",
  "table",
  "labloop",
];

/** Codes that are put together from a word: the text in the source, and what it stands for. */
const COMPOSED: Readonly<Record<string, readonly string[]>> = {
  [["lab.no-$", "{what}"].join("")]: ["lab.no-driver", "lab.no-simulator", "lab.no-process"],
};

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("generated"))
    .map((file) => withoutComments(readFileSync(join(folder, file), "utf8")));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] as string);
}

const TEXT = sources("src").concat(sources("drivers"), sources("simulators")).join("\n");
const SHAPE = "[a-z]+\\.[a-z]+(?:-[a-z]+)*";

/** Events have names of the same shape; they stand behind `type` or `event`. */
const EVENTS = new Set(all(TEXT, new RegExp(`\\b(?:type|event): "(${SHAPE})"`, "g")));

const IN_CODE_PLACE = all(TEXT, new RegExp(`\\bcode: "(${SHAPE})"`, "g"));

function codesInSource(): string[] {
  const literal = new RegExp(`"((?:${AREAS.join("|")})\\.[a-z]+(?:-[a-z]+)*)"`, "g");
  const plain = all(TEXT, literal).filter((code) => !EVENTS.has(code) && !/\.(yaml|db)$/.test(code));
  const composed = all(TEXT, /`([a-z]+\.[a-z-]*\$\{\w+\})`/g)
    .filter((text) => AREAS.includes(text.split(".")[0] as string))
    .flatMap((text) => COMPOSED[text] ?? [text]);
  return [...new Set([...IN_CODE_PLACE, ...plain, ...composed])].sort();
}

describe("docs/errors.md", () => {
  const page = readFileSync("docs/errors.md", "utf8");
  const documented = all(page, new RegExp(`^\\| \`(${SHAPE})\` \\|`, "gm"));

  it("has every code of the source, and no other", () => {
    expect([...documented].sort()).toEqual(codesInSource());
  });

  it("has each code once, with what it means and what to do", () => {
    expect(new Set(documented).size).toBe(documented.length);
    for (const line of page.split("\n").filter((each) => each.startsWith("| `")))
      expect(line).toMatch(/^\| `[a-z.-]+` \| .{10,}\. \| .{5,}\. \|$/);
  });

  it("is compared with codes of every area that the source uses", () => {
    expect(IN_CODE_PLACE.length).toBeGreaterThan(50);
    expect(IN_CODE_PLACE.filter((code) => !AREAS.includes(code.split(".")[0] as string))).toEqual([]);
  });
});
