import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, labloop, testFolder } from "../support/labloop.ts";

const CAMPAIGN = "examples/colour-match/campaign.yaml";

interface Suggestion {
  readonly event: string;
  readonly setting: Record<string, number>;
  readonly reasons: { readonly method: string };
}

function suggest(folder: string, ...args: string[]): Suggestion[] {
  const { stdout, stderr, status } = labloop(folder, "suggest", CAMPAIGN, "--json", "--quiet", ...args);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return jsonLines<Suggestion>(stdout);
}

function table(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("labloop suggest", () => {
  it("gives a space-filling start for an empty table, within the constraints", () => {
    const folder = testFolder();
    const suggestions = suggest(folder, "--data", table(folder, "none.csv", ""), "--count", "4");
    expect(suggestions).toHaveLength(4);
    for (const { setting, reasons } of suggestions) {
      expect(reasons.method).toBe("sobol start");
      expect(Object.values(setting).reduce((a, b) => a + b)).toBeLessThanOrEqual(3000);
    }
    expect(new Set(suggestions.map(({ setting }) => JSON.stringify(setting))).size).toBe(4);
  });

  it("learns from results in any unit, and stays away from what is under way", () => {
    const folder = testFolder();
    const rows = [
      [460, 200, 70, 0.886],
      [1120, 470, 580, 0.679],
      [260, 1130, 1370, 1.29],
      [50, 580, 1040, 0.837],
      [910, 1390, 340, 1.333],
      [1470, 80, 1310, 1.005],
    ];
    const header = "cyan,magenta,yellow,distance";
    const inMicrolitres = table(folder, "ul.csv", `${header}\n${rows.map((row) => row.join()).join("\n")}`);
    const inMillilitres = table(
      folder,
      "ml.csv",
      `${header}\n${rows.map(([c = 0, m, y, d]) => `${c / 1000} mL,${m},${y},${d}`).join("\n")}`,
    );
    const [first] = suggest(folder, "--data", inMicrolitres);
    expect(first?.reasons.method).toBe("log expected improvement");
    expect(suggest(folder, "--data", inMillilitres)[0]?.setting).toEqual(first?.setting);
    const { cyan, magenta, yellow } = first?.setting ?? {};
    const pending = table(folder, "pending.csv", `cyan,magenta,yellow\n${cyan},${magenta},${yellow}\n`);
    expect(suggest(folder, "--data", inMicrolitres, "--pending", pending)[0]?.setting).not.toEqual(
      first?.setting,
    );
  });

  it("says in which line a value is none", () => {
    const folder = testFolder();
    const file = table(folder, "bad.csv", "cyan,magenta,yellow,distance\n1,2,3,0.5\n1,2,three,0.5\n");
    const { stderr, status } = labloop(folder, "suggest", CAMPAIGN, "--data", file);
    expect(stderr).toContain('bad.csv:3:1: "three" is no value for "yellow"');
    expect(status).toBe(2);
  });

  it("says which column is missing, and which was meant", () => {
    const folder = testFolder();
    const file = table(folder, "bad.csv", "cyan,magneta,yellow,distance\n1,2,3,0.5\n");
    const { stderr } = labloop(folder, "suggest", CAMPAIGN, "--data", file);
    expect(stderr).toContain('there is no column "magenta"\n  → did you mean "magneta"?');
  });
});
