import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codeLines, linesOf, median } from "./lines.ts";
import { subjects } from "./subjects.ts";

/** What a driver may have: the bar of docs/decisions/0010. */
const BAR = 150;

describe("the lines of drivers", () => {
  it("leave out blanks and comments, and nothing else", () => {
    const text = [
      "/** One",
      " * comment */",
      "const a = 1; // counts",
      "",
      "  // doesn't",
      "/* nor this */",
      "const b = `/*`;",
      "const c = 2 /* counts */;",
    ];
    expect(codeLines(text.join("\n"))).toBe(3);
  });

  it("are counted for every folder below drivers", () => {
    const folders = readdirSync("drivers").flatMap((maker) =>
      readdirSync(`drivers/${maker}`).map((model) => `${maker}/${model}`),
    );
    expect(subjects.map(({ id }) => id).toSorted()).toEqual(folders.toSorted());
  });

  it(`have a median of less than ${BAR}`, () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median(subjects.map(({ id }) => linesOf(id)))).toBeLessThan(BAR);
  });
});
