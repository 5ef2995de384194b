import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { atTerminal, HAS_TERMINAL } from "../commands/at-a-terminal.ts";
import { emulatedTwin } from "../commands/emulated-twin.ts";
import { jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

interface Event {
  readonly event: string;
  readonly reason?: string;
  readonly experiments?: number;
}

/** A folder with the colour-match campaign in a lab that has supplies. */
function rehearsal(supplies: string, batch = 1): string {
  const folder = testFolder();
  const example = (file: string): string => readFileSync(join("examples/colour-match", file), "utf8");
  const campaign = replaced(example("campaign.yaml"), {
    "budget:\n": `design: { batch: ${batch} }\nbudget:\n`,
  });
  writeFileSync(join(folder, "campaign.yaml"), campaign);
  writeFileSync(join(folder, "lab.yaml"), `${example("lab.yaml")}${supplies}`);
  return folder;
}

describe("a rehearsal in a lab with stock and waste", () => {
  const BOTTLE = "waste: { bottle: { filled: [waste.withdraw.volume], capacity: 16 mL } }\n";

  it.each([1, 4])("ends before the bottle runs over, with suggestions made %d at a time", async (batch) => {
    const folder = rehearsal(BOTTLE, batch);
    const { stdout } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
    const events = jsonLines<Event>(stdout);
    // Each experiment withdraws 3 mL.
    expect(events.at(-1)).toMatchObject({ reason: "consumables used up", experiments: 5 });
    expect(events.filter(({ event }) => event === "belief.updated")).toHaveLength(5);
    expect((await labloopIn(folder, "verify")).status).toBe(0);
  });

  it("begins with what the lab file declares, and uses up nothing", async () => {
    const folder = rehearsal(BOTTLE);
    await labloopIn(folder, "dry-run", "campaign.yaml", "--quiet");
    const { stdout } = await labloopIn(folder, "stock", "lab.yaml");
    expect(stdout).toBe("bottle  0 mL of 16 mL full, never emptied\n");
  });

  it("is warned of by validate, with the mean and the most of what experiments use", async () => {
    const folder = rehearsal(
      "stock: { cyan: { drawn: [cyan.dispense.volume], available: 12 mL, reserve: 2 mL } }\n",
    );
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /warning: lab\.yaml:\d+:\d+: "cyan" lasts for about \d+ of 40 experiments, which use 0\.\d+ mL each in the mean of settings that were tried, and for \d of those that use most, 1\.\d+ mL/,
    );
  });
});

describe.skipIf(!HAS_TERMINAL)("a lab of real instruments with stock and a rule of approval", () => {
  const CAMPAIGN = `labloop: 1
name: dose
lab: lab.yaml
parameters: { x: { min: 0, max: 1 } }
procedure:
  - { do: pump.dispense, with: { volume: 10 uL }, within: 1 min }
  - { measure: bath.read, as: now, within: 1 min }
measurements: { t: { expression: now.temperature, unit: degC, noise: 1 K } }
goal: { maximise: t }
budget: { experiments: 2 }
`;

  it("counts over campaigns, asks, ends when it runs out, and goes on after a refill", async () => {
    const folder = testFolder();
    const bath = await emulatedTwin(folder, "julabo/circulator", "--tcp", "0");
    const twin = ["--tcp", "0", "--process", "colour-mixing", "--set", "port=cyan"];
    const pump = await emulatedTwin(folder, "new-era/ne-1000", ...twin);
    writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN);
    writeFileSync(
      join(folder, "lab.yaml"),
      `labloop: 1
name: bench
instruments:
  bath: { driver: julabo/circulator, connect: { tcp: "${bath.address}" } }
  pump:
    driver: new-era/ne-1000
    connect: { tcp: "${pump.address}" }
    settings: { diameter: 26.7 mm, syringe-volume: 60 mL, rate: 20 mL/min }
stock:
  dye: { drawn: [pump.dispense.volume], available: 40 uL, reserve: 10 uL }
approval:
  bench: { first: experiment, why: are the tubes in? }
`,
    );
    const database = ["--db", "labloop.db"];
    const run = (seed: number, ...typed: readonly (readonly [string, string])[]) =>
      atTerminal(
        folder,
        ["run", "campaign.yaml", "--live", "--seed", String(seed), "--no-color", ...database],
        typed,
      );
    const asked = "approve, refuse: ";
    const first = await run(1, [asked, "hm\n"], [asked, "approve\n"]);
    expect(first.screen).toContain('Rule "bench": it is the first experiment: are the tubes in?');
    expect(first.screen).toContain("budget of experiments used after 2 experiments");
    const left = await labloopIn(folder, "stock", "lab.yaml", "--json");
    expect(jsonLines(left.stdout)).toMatchObject([
      {
        name: "dye",
        left: 20,
        usable: 10,
        uses: [{ campaign: expect.stringMatching(/^dose-/), amount: 20 }],
      },
    ]);
    const second = await run(2, [asked, "refuse\n"], [asked, "approve\n"]);
    expect(second.screen).toContain("refused by");
    expect(second.screen).toContain('the experiment needs 10 uL of "dye", but 0 uL can be used');
    expect(second.screen).toContain("consumables used up after 1 experiments");
    const refilled = await labloopIn(folder, "stock", "lab.yaml", "--refill", "dye=1mL");
    expect(refilled.stdout).toMatch(/^dye {2}1000 uL left, 10 uL of it in reserve, 1mL refilled by \S+ at /);
    const third = await run(3, [asked, "approve\n"]);
    expect(third.screen).toContain("budget of experiments used after 2 experiments");
    const last = await labloopIn(folder, "stock", "lab.yaml", "--json");
    expect(jsonLines(last.stdout)).toMatchObject([
      { left: 980, since: { amount: "1mL" }, uses: [{ amount: 20 }] },
    ]);
  });

  it.each([
    [["--refill", "dye=3g"], '"3g" is a mass, but a volume is expected'],
    [["--refill", "dye=much"], '"much" is no quantity'],
    [["--refill", "dye=-1mL"], "less than nothing"],
    [["--refill", "bottle=1mL"], 'the lab has no stock "bottle"'],
    [["--emptied", "botle"], 'did you mean "bottle"?'],
  ])("is not refilled with %j", async (words, message) => {
    const supplies = "stock: { dye: { drawn: [cyan.dispense.volume], available: 40 uL } }\n";
    const folder = rehearsal(
      `${supplies}waste: { bottle: { filled: [waste.withdraw.volume], capacity: 2 L } }\n`,
    );
    const { status, stderr } = await labloopIn(folder, "stock", "lab.yaml", ...words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect((await labloopIn(folder, "stock", "lab.yaml")).stdout).toContain("as the lab file declares");
  });
});
