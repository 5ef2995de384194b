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
    expect(first?.reasons.method).not.toBe("sobol start");
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

/** A campaign with a context parameter over candidates and described solvents; `changes` replaces parts of its files. */
function candidateCampaign(folder: string, changes: Readonly<Record<string, string>> = {}): string {
  const changed = (text: string): string =>
    Object.entries(changes).reduce((before, [from, to]) => before.replace(from, () => to), text);
  table(folder, "candidates.csv", changed("temperature,solvent\n20,toluene\n330 K,DMF\n80,DMF\n100,water\n"));
  table(folder, "solvents.csv", changed("name,polarity\nDMF,36.7\ntoluene,2.4\nwater,80\nhexane,1.9\n"));
  return table(
    folder,
    "campaign.yaml",
    changed(`parameters:
  temperature: { min: 20 degC, max: 100 degC }
  solvent: { choices: from candidates, descriptors: solvents.csv }
  humidity: { min: 0 %, max: 100 %, context: true }
candidates: candidates.csv
measurements: { yield: { unit: "%" } }
goal: { maximise: yield }
`),
  );
}

describe("labloop suggest with candidates", () => {
  it("suggests the rows that are left, with the context, and says when there are no more", () => {
    const folder = testFolder();
    const campaign = candidateCampaign(folder);
    const data = table(
      folder,
      "data.csv",
      "temperature,solvent,humidity,yield\n20,toluene,50,3\n56.85,DMF,0.4 1,8\n100,water,40,5\n",
    );
    const args = ["suggest", campaign, "--data", data];
    const { stdout, stderr, status } = labloop(
      folder,
      ...args,
      "--context",
      "humidity=0.43 1",
      "--count",
      "3",
    );
    expect(stdout).toBe("temperature,solvent,humidity\n80,DMF,43\n");
    expect(stderr).toContain("note: only 1 of 3 can be suggested; every other candidate has been tried");
    expect(status).toBe(0);
    const pending = table(folder, "pending.csv", "temperature,solvent,humidity\n80,DMF,43\n");
    const none = labloop(folder, ...args, "--pending", pending, "--context", "humidity=43");
    expect(none.stdout).toBe("");
    expect(none.stderr).toContain("note: only 0 of 1 can be suggested; every candidate has been tried");
  });

  it.each([
    [
      { "100,water": "120,water" },
      'candidates.csv:5:1: "temperature" is 120 degC, but it goes from 20 degC to 100 degC',
    ],
    [
      { "temperature,solvent": "temprature,solvent" },
      'candidates.csv:1:1: "temprature" is no parameter\n  → did you mean "temperature"?',
    ],
    [
      {
        "temperature,solvent": "temperature,solvent,humidity",
        "20,toluene": "20,toluene,5",
        "330 K,DMF": "330 K,DMF,5",
        "80,DMF": "80,DMF,5",
        "100,water": "100,water,5",
      },
      'candidates.csv:1:1: "humidity" is context: it is observed, not chosen',
    ],
    [{ "330 K": "330 mL" }, 'candidates.csv:3:1: "330 mL" is no value for "temperature"'],
    [
      { "toluene,2.4": "tolune,2.4" },
      'solvents.csv:1:1: there is no row for "toluene"\n  → did you mean "tolune"?',
    ],
    [{ "toluene,2.4": "toluene,low" }, 'solvents.csv:3:1: "polarity" of "toluene" is no number: "low"'],
    [{ "hexane,1.9": "DMF,1.9" }, 'solvents.csv:5:1: "DMF" is there twice'],
    [{ "candidates: candidates.csv": "candidates: nowhere.csv" }, "campaign.yaml:5:13: there is no file"],
    [{ "20,toluene\n330 K,DMF\n80,DMF\n100,water\n": "" }, "candidates.csv:1:1: there are no candidates"],
  ])("refuses %j", (changes, told) => {
    const folder = testFolder();
    const { stderr, status } = labloop(
      folder,
      "suggest",
      candidateCampaign(folder, changes),
      "--context",
      "humidity=4",
    );
    expect(stderr).toContain(told);
    expect(status).toBe(2);
  });

  it.each([
    [[], 'the context "humidity" has no value'],
    [["--context", "humidity"], '--context "humidity" is no name with a value'],
    [["--context", "humidty=4"], '"humidty" is no context parameter\n  → did you mean "humidity"?'],
    [["--context", "humidity=4", "--context", "solvent=DMF"], '"solvent" is chosen, not observed'],
  ])("refuses %j", (options, told) => {
    const folder = testFolder();
    const { stderr, status } = labloop(folder, "suggest", candidateCampaign(folder), ...options);
    expect(stderr).toContain(told);
    expect(status).toBe(2);
  });

  it("says which rows repeat others", () => {
    const folder = testFolder();
    const campaign = candidateCampaign(folder, { "100,water": "80,DMF\n100,water" });
    const { stderr, status } = labloop(folder, "suggest", campaign, "--context", "humidity=4");
    expect(stderr).toContain("candidates.csv:5:1: the row repeats line 4");
    expect(status).toBe(0);
  });
});
