import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

const EXAMPLE = "examples/colour-match";

interface Outlook {
  readonly event: string;
  readonly outcomes: string;
  readonly outcomeModel: { readonly kind: string };
  readonly reasons: Readonly<Record<string, number>>;
  readonly experiments: { readonly p50: number };
  readonly busy: Readonly<Record<string, number>>;
  readonly uses: readonly { readonly name: string; readonly p50: number }[];
}

/** The example with four experiments, in a lab that is changed. */
function bench(
  lab: Readonly<Record<string, string>>,
  campaign: Readonly<Record<string, string>> = {},
): string {
  const folder = testFolder();
  mkdirSync(folder, { recursive: true });
  const text = (file: string): string => readFileSync(join(EXAMPLE, file), "utf8");
  writeFileSync(
    join(folder, "campaign.yaml"),
    replaced(text("campaign.yaml"), { "experiments: 40": "experiments: 4", ...campaign }),
  );
  writeFileSync(join(folder, "lab.yaml"), replaced(text("lab.yaml"), lab));
  // The driver of the sensor, as a stranger's that has no simulator.
  const driver = pathToFileURL(resolve("dist/drivers/sparks-baird/clslab-light/index.js")).href;
  writeFileSync(join(folder, "eye.mjs"), `export { driver } from "${driver}";\n`);
  return folder;
}

const NO_SIMULATOR = {
  "driver: sparks-baird/clslab-light": "driver: ./eye.mjs",
  "    simulated: { port: vial }\n": "",
};
const NO_PROCESS = { "  process: colour-mixing\n": "" };
const STOCK = {
  "instruments:\n": "stock: { cyan: { drawn: [cyan.dispense.volume], available: 60 mL } }\ninstruments:\n",
};

async function outlook(folder: string, ...words: readonly string[]): Promise<Outlook> {
  const { status, stdout, stderr } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", ...words);
  expect(stderr).not.toContain("error");
  expect(status).toBe(0);
  return jsonLines<Outlook>(stdout)[0] as Outlook;
}

describe.concurrent("a rehearsal where something can't be simulated", () => {
  it("draws outcomes for an instrument without a simulator, says so, and tells durations and use all the same", async () => {
    const folder = bench({ ...NO_SIMULATOR, ...STOCK });
    const told = await outlook(folder, "--nights", "3");
    expect(told.outcomeModel).toEqual({ kind: "prior", noSimulator: ["sensor"], noProcess: [] });
    // What would be enough isn't looked at.
    expect(told.reasons).toEqual({ "budget of experiments used": 1 });
    expect(told.experiments.p50).toBe(4);
    expect(told.busy["cyan"]).toBeGreaterThan(0);
    expect(told.uses.find(({ name }) => name === "cyan")?.p50).toBeGreaterThan(0.5);
    const shown = await labloopIn(folder, "dry-run", "campaign.yaml", "--nights", "1", "--out", "night.html");
    const why = "drawn from the campaign's own prior: no simulator for sensor; what is found means nothing";
    expect(shown.stdout.replaceAll(/\s+/g, " ")).toContain(why);
    expect(shown.stdout).toContain("a second each of sensor where nothing is learned");
    expect(readFileSync(join(folder, "night.html"), "utf8")).toContain("no simulator for sensor");
  });

  it("has every simulated instrument at work where there is no process, and is such a night without options too", async () => {
    const folder = bench(NO_PROCESS);
    const told = await outlook(folder);
    expect(told.outcomes).toContain("no simulated process for cyan, magenta, yellow, water, sensor, waste");
    // 3 mL at 20 mL/min take 9 s, of five minutes and a half.
    expect(told.busy["waste"]).toBeGreaterThan(0.02);
    expect((await labloopIn(folder, "list")).stderr).toContain("no campaign yet");
  });

  it("tells the same twice, and another night of another seed", async () => {
    const folder = bench(NO_SIMULATOR);
    const first = await outlook(folder, "--nights", "2");
    expect(await outlook(folder, "--nights", "2")).toEqual(first);
    expect(await outlook(folder, "--nights", "2", "--seed", "9")).not.toEqual(first);
  });

  it("takes earlier results of the campaign for a table", async () => {
    const folder = bench(NO_SIMULATOR, {
      "goal: ": "earlier: [earlier.csv]\ngoal: ",
    });
    writeFileSync(
      join(folder, "earlier.csv"),
      "cyan,magenta,yellow,distance\n100,100,100,0.9\n600,300,900,0.3\n900,900,100,0.7\n",
    );
    const told = await outlook(folder, "--nights", "2");
    expect(told.outcomeModel).toMatchObject({ kind: "earlier results", results: 3 });
    expect(told.outcomes).toContain("the nearest of 3 earlier results: no simulator for sensor");
  });

  it("says of a simulated process that it is one", async () => {
    const told = await outlook(bench({}), "--nights", "1");
    expect(told.outcomeModel).toEqual({ kind: "process", name: "colour-mixing" });
  });

  it.each([
    [["run", "campaign.yaml", "--simulate"], NO_SIMULATOR, /exports no `simulator`/],
    [
      ["dry-run", "campaign.yaml"],
      { "driver: sparks-baird/clslab-light": "driver: ./eye.mjs" },
      /exports no `simulator`/,
    ],
    [
      ["dry-run", "campaign.yaml"],
      { "process: colour-mixing": "process: colour-mixin" },
      /there is no process "colour-mixin"/,
    ],
  ] as const)("doesn't help %j over what is wrong", async (words, lab, told) => {
    const { status, stderr } = await labloopIn(bench(lab), ...words);
    expect(stderr).toMatch(told);
    expect(status).not.toBe(0);
  });
});
