import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, labloop, testFolder } from "../support/labloop.ts";

/** A hill over a grid of 11 × 11, its top at a = 7, b = 3 (row 80). */
function hillTable(folder: string): string {
  const rows = ["a,b,kind,y"];
  for (let a = 0; a <= 10; a++)
    for (let b = 0; b <= 10; b++)
      rows.push(`${a},${b},${b % 2 === 0 ? "even" : "odd"},${-((a - 7) ** 2) - (b - 3) ** 2}`);
  const file = join(folder, "hill.csv");
  writeFileSync(file, rows.join("\n"));
  return file;
}

interface Event {
  readonly event: string;
  readonly row?: number;
  readonly reason?: string;
  readonly experiments?: number;
  readonly best?: { readonly row: number; readonly outcome: Record<string, number> };
}

const TOP = 7 * 11 + 3;

describe("labloop replay", () => {
  it("finds the top of a hill in far fewer experiments than rows, and asks for no row twice", () => {
    const folder = testFolder();
    const { stdout, status } = labloop(
      folder,
      "replay",
      hillTable(folder),
      "--parameters",
      "a,b",
      "--maximise",
      "y",
      "--budget",
      "25",
      "--seed",
      "2",
      "--json",
      "--quiet",
    );
    expect(status).toBe(0);
    const events = jsonLines<Event>(stdout);
    const rows = events.filter(({ event }) => event === "measurement.recorded").map(({ row }) => row);
    expect(rows).toHaveLength(25);
    expect(new Set(rows).size).toBe(25);
    expect(rows).toContain(TOP);
    expect(events.filter(({ event }) => event === "suggestion.made").map(({ row }) => row)).toEqual(rows);
    expect(events.at(-1)).toMatchObject({
      event: "campaign.concluded",
      experiments: 25,
      best: { row: TOP, outcome: { y: 0 } },
    });
  });

  it("begins with the rows that it is given, and prints the same for the same seed", () => {
    const folder = testFolder();
    const args = [
      "replay",
      hillTable(folder),
      "--parameters",
      "a,b,kind",
      "--maximise",
      "y",
      "--start",
      "5,60",
      "--batch",
      "3",
      "--budget",
      "11",
      "--json",
      "--quiet",
    ];
    const { stdout } = labloop(folder, ...args);
    const rows = jsonLines<Event>(stdout)
      .filter(({ event }) => event === "measurement.recorded")
      .map(({ row }) => row);
    expect(rows.slice(0, 2)).toEqual([5, 60]);
    expect(rows).toHaveLength(11);
    expect(labloop(folder, ...args).stdout).toBe(stdout);
  });

  it("ends when every row was asked for", () => {
    const folder = testFolder();
    const file = join(folder, "small.csv");
    writeFileSync(file, "x,y\n1,2\n2,3\n3,\n");
    const { stdout } = labloop(folder, "replay", file, "--minimise", "y", "--json", "--quiet");
    expect(jsonLines<Event>(stdout).at(-1)).toMatchObject({ experiments: 3, best: { outcome: { y: 2 } } });
  });

  it.each([
    [["--maximise", "z"], 'there is no column "z"'],
    [["--maximise", "y", "--start", "999"], "--start names row 999, but the table's last row is 120"],
    [["--maximise", "y", "--categorical", "q"], '"q" is none of the parameters'],
    [["--objectives", "y"], '"y" says neither maximise nor minimise'],
    [[], "there is nothing to look for"],
  ])("refuses %j", (options, message) => {
    const folder = testFolder();
    const { stderr, status } = labloop(folder, "replay", hillTable(folder), ...options);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  it("takes columns that don't sum to a whole as plain amounts, and says so", () => {
    const folder = testFolder();
    const { stderr, status } = labloop(
      folder,
      "replay",
      hillTable(folder),
      "--maximise",
      "y",
      "--mixture",
      "a,b",
      "--budget",
      "4",
    );
    expect(stderr).toContain("a + b is 1 in line 3, but 0 in the first row");
    expect(status).toBe(0);
  });

  it("says in which line a table is broken", () => {
    const folder = testFolder();
    const file = join(folder, "broken.csv");
    writeFileSync(file, "x,y\n1,2\n2,3,4\n");
    const { stderr, status } = labloop(folder, "replay", file, "--maximise", "y");
    expect(stderr).toContain("broken.csv:3");
    expect(status).toBe(2);
  });

  it("optimises several objectives", () => {
    const folder = testFolder();
    const { stdout, status } = labloop(
      folder,
      "replay",
      hillTable(folder),
      "--parameters",
      "a,b",
      "--objectives",
      "y:maximise,a:minimise",
      "--budget",
      "15",
      "--json",
      "--quiet",
    );
    expect(status).toBe(0);
    expect(jsonLines<Event>(stdout).at(-1)).toMatchObject({ experiments: 15 });
  });

  it("describes choices by a table, and says what is wrong with one", () => {
    const folder = testFolder();
    const levels = (text: string): string => {
      writeFileSync(join(folder, "levels.csv"), text);
      return join(folder, "levels.csv");
    };
    const args = [
      "replay",
      hillTable(folder),
      "--parameters",
      "a,b,kind",
      "--maximise",
      "y",
      "--budget",
      "12",
    ];
    const described = (text: string, column = "b"): ReturnType<typeof labloop> =>
      labloop(folder, ...args, "--json", "--quiet", "--descriptors", `${column}=${levels(text)}`);
    const heights = Array.from({ length: 11 }, (_, b) => `${b},${b},${(b - 3) ** 2}`).join("\n");
    const good = described(`level,height,square\n${heights}\n`);
    expect(good.stderr).toBe("");
    const rows = jsonLines<Event>(good.stdout).filter(({ event }) => event === "measurement.recorded");
    expect(rows).toHaveLength(12);
    expect(described(`level,height\n${heights.replaceAll(/,\d+$/gm, "")}`).stdout).not.toBe(good.stdout);
    expect(described("level,height\n0,1\n").stderr).toContain('levels.csv:1:1: there is no row for "1"');
    expect(described(`level,height\n${heights}`).stderr).toContain("levels.csv:2:1: Invalid Record Length");
    expect(described("level,height\n0,1\n", "c").stderr).toContain('"c" is none of the parameters');
    expect(labloop(folder, ...args, "--descriptors", "b").stderr).toContain(
      '--descriptors "b" is no name with a value',
    );
  });
});
