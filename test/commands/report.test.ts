import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { campaignReport } from "../../src/index.ts";
import { openDatabase } from "../../src/record/database.ts";
import { hasChromium, pagesOf, seenInChromium } from "../support/chromium.ts";
import { followed, jsonLines, labloop, labloopIn, replaced, testFolder } from "../support/labloop.ts";
import { emulatedTwin } from "./emulated-twin.ts";

interface Told {
  readonly key: string;
  readonly state: string;
  readonly seed: number;
  readonly experiments: readonly { readonly number: number; readonly state: string }[];
  readonly hypotheses: readonly { readonly name: string; readonly weight: number }[];
  readonly incidents: readonly { readonly what: string; readonly text: string }[];
  readonly next: { readonly kind: string; readonly suggestion?: { readonly setting: object } };
  readonly files: readonly { readonly part: string; readonly text: string }[];
  readonly uses: readonly { readonly name: string; readonly used: number; readonly left?: number }[];
  readonly journal: { readonly headHash: string; readonly intact: boolean };
}

/** What a report tells programs. */
function dataIn(html: string): Told {
  const [, json = ""] =
    /<script type="application\/json" id="labloop-report">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(json) as Told;
}

const EXAMPLES = ["colour-match", "colour-carousel", "enzyme", "flow-reaction", "dye-series"] as const;

const HEADINGS = [
  "What was found",
  "What to try next",
  "What happened when",
  "What was used",
  "How well predictions came true",
  "What was asked",
  "All experiments",
  "How to repeat it exactly",
];

/** What a page could load something with. */
const LOADS =
  /\b(?:src|href|srcset|data|action|poster|background)\s*=\s*["']|url\(|@import|<(?:link|iframe|object|embed|base)\b/;

interface Reported {
  readonly folder: string;
  readonly file: string;
  readonly html: string;
}

/** A simulated run of an example, and its report. */
function reported(example: string): Reported {
  const folder = testFolder();
  const file = join(folder, "night.html");
  expect(labloop(folder, "run", `examples/${example}/campaign.yaml`, "--simulate", "--quiet").status).toBe(0);
  const { status, stderr } = labloop(folder, "report", "--out", file);
  expect(stderr).toContain(`in ${file}`);
  expect(status).toBe(0);
  return { folder, file, html: readFileSync(file, "utf8") };
}

describe.each(EXAMPLES)("the report of %s", (example) => {
  let made: Reported;
  let html: string;
  let told: Told;
  beforeAll(() => {
    made = reported(example);
    html = made.html;
    told = dataIn(html);
  });

  it("has every part, and needs nothing else", () => {
    for (const heading of HEADINGS) expect(html).toContain(`<h2>${heading}</h2>`);
    expect(html.replace(/<pre>.*?<\/pre>|<script.*?<\/script>/gs, "")).not.toMatch(LOADS);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/undefined|NaN|\[object/);
  });

  it("tells what show and verify tell, and what the campaign would try next", () => {
    const [shown] = jsonLines<{ measured: number; failed: number }>(
      labloop(made.folder, "show", "--json").stdout,
    );
    expect(told.state).toBe("concluded");
    expect(told.experiments.filter(({ state }) => state === "measured")).toHaveLength(shown?.measured ?? -1);
    const [verified] = jsonLines<{ hash: string }>(labloop(made.folder, "verify", "--json").stdout);
    expect(told.journal).toMatchObject({ headHash: verified?.hash, intact: true });
    expect(html).toContain("intact: no entry was altered");
    expect(told.next.kind).toBe("suggestion");
  });

  it("holds the files with which the same journal is made again", async () => {
    const home = join(testFolder(), "a", "campaign");
    const put = (name: string, text: string): void => {
      const place = resolve(home, name);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, text);
    };
    const texts = Object.fromEntries(told.files.map(({ part, text }) => [part, text]));
    put("campaign.yaml", texts["campaign"] ?? "");
    put(/^lab: (.*)$/m.exec(texts["campaign"] ?? "")?.[1] ?? "", texts["lab"] ?? "");
    // As the report says: a module that returns the steps.
    if (texts["steps"] !== undefined)
      put("procedure.mjs", `export const procedure = () => ${texts["steps"]};\n`);
    const [, command = ""] = /<code>labloop (run campaign\.yaml [^<]*)<\/code>/.exec(html) ?? [];
    expect((await labloopIn(home, ...command.split(" "), "--quiet")).status).toBe(0);
    const [again] = jsonLines<{ hash: string }>((await labloopIn(home, "verify", told.key, "--json")).stdout);
    expect(again?.hash).toBe(told.journal.headHash);
  });

  it.skipIf(!hasChromium)(
    "is opened by Chromium (CHROME_PATH or on the PATH) without a complaint",
    async () => {
      const seen = await seenInChromium(made.file);
      expect(seen.console).toEqual([]);
      for (const heading of HEADINGS) expect(seen.document).toContain(`<h2>${heading}</h2>`);
      const figures = seen.document.match(/<svg [^>]*role="img"/g) ?? [];
      // Progress, the night, and two of calibration.
      expect(figures.length).toBeGreaterThanOrEqual(4);
      expect(seen.document.match(/<script\b/g)).toHaveLength(1);
    },
  );

  it.skipIf(!hasChromium)("is printed by Chromium (CHROME_PATH or on the PATH) on pages of A4", () => {
    const pdf = join(made.folder, "night.pdf");
    expect(labloop(made.folder, "report", "--out", pdf).status).toBe(0);
    const pages = pagesOf(readFileSync(pdf));
    expect(pages.length).toBeGreaterThan(1);
    for (const [width, height] of pages) {
      expect(Math.abs(width - 595)).toBeLessThan(1.5);
      expect(Math.abs(height - 842)).toBeLessThan(1.5);
    }
  });
});

const EVIL = "<script>alert(1)</script>";

/** A campaign on a circulator, with markup wherever a file may have a text. */
const MARKED_UP = `labloop: 1
name: evil
description: "a ${EVIL} b"
owner: "${EVIL}"
lab: lab.yaml
parameters:
  temperature: { min: 20 degC, max: 30 degC, step: 1 degC }
  solvent: { choices: ["${EVIL}", '"><img src=x onerror=alert(2)>'] }
procedure:
  - { note: "look at ${EVIL}", confirm: true }
  - { do: bath.set-setpoint, with: { setpoint: temperature }, within: 1 min }
  - { measure: bath.read, as: seen, within: 1 min }
measurements:
  warmth: { expression: seen.temperature, unit: degC, noise: 1 K }
goal: { maximise: warmth }
budget: { experiments: 3, time: 12 h }
`;

const MARKED_UP_LAB = `labloop: 1
name: "bench ${EVIL}"
simulation: { zone: Europe/Berlin }
instruments:
  bath: { driver: julabo/circulator }
interlocks:
  cold: { watch: bath.temperature, min: 15 degC, then: abort, say: "${EVIL}" }
`;

describe("a report of texts with markup in them", () => {
  const folder = testFolder();
  writeFileSync(join(folder, "campaign.yaml"), MARKED_UP);
  writeFileSync(join(folder, "lab.yaml"), MARKED_UP_LAB);

  it("shows them as texts", async () => {
    const run = await labloopIn(folder, "run", "campaign.yaml", "--simulate", "--quiet");
    expect(run.status).toBe(0);
    await labloopIn(folder, "alarms", "acknowledge", "all", "--why", `seen ${EVIL}`);
    const { status } = await labloopIn(folder, "report", "--out", "evil.html");
    expect(status).toBe(0);
    const html = readFileSync(join(folder, "evil.html"), "utf8");
    // Only the data for programs is a script, and nothing runs it.
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain("<img");
    expect(html.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;/g)?.length).toBeGreaterThan(4);
    expect(dataIn(html).files.find(({ part }) => part === "campaign")?.text).toBe(MARKED_UP);
  });

  it.skipIf(!hasChromium)("runs nothing in Chromium, which refuses what a page would load", async () => {
    const file = join(folder, "evil.html");
    expect((await seenInChromium(file)).console).toEqual([]);
    // What the check rests on: the browser says so when something is refused.
    const loading = join(folder, "loading.html");
    const html = readFileSync(file, "utf8");
    writeFileSync(loading, html.replace("<h1>", '<img src="file:///nowhere.png"><h1>'));
    expect((await seenInChromium(loading)).console.join()).toMatch(/Content Security Policy/);
  });
});

describe("a report of a campaign that goes on", () => {
  it("tells how far it is, and that it was interrupted when its process is gone", async () => {
    const folder = testFolder();
    const campaign = resolve("examples/colour-match/campaign.yaml");
    let running: Told | undefined;
    const words = ["run", campaign, "--simulate", "--real-time"];
    await followed<{ event: string }>(folder, words, async ({ event }, signal) => {
      if (event !== "experiment.reviewed") return;
      expect((await labloopIn(folder, "report", "--out", "running.html")).status).toBe(0);
      running = dataIn(readFileSync(join(folder, "running.html"), "utf8"));
      signal("SIGKILL");
    });
    expect(running).toMatchObject({ state: "running", journal: { intact: true } });
    expect(running?.experiments.map(({ state }) => state)).toContain("open");
    await labloopIn(folder, "report", "--out", "left.html");
    const html = readFileSync(join(folder, "left.html"), "utf8");
    expect(dataIn(html)).toMatchObject({ state: "interrupted", next: { kind: "suggestion" } });
    expect(html).toContain("nothing has been measured yet");
    expect(html).toContain("No result was predicted yet");
    expect(html).not.toMatch(/undefined|NaN/);
  });

  it("shows that it was paused, by whom and why, and that another process went on", async () => {
    const folder = testFolder();
    const campaign = resolve("examples/colour-match/campaign.yaml");
    const words = ["run", campaign, "--simulate", "--real-time"];
    await followed<{ event: string; request?: string }>(folder, words, async ({ event, request }, signal) => {
      if (event === "experiment.reviewed")
        await labloopIn(folder, "pause", "--at", "now", "--why", "a spill <b>");
      if (event === "person.requested" && request === "pause") signal("SIGKILL");
    });
    await labloopIn(folder, "abort", "--why", "enough for today");
    await labloopIn(folder, "report", "--out", "paused.html");
    const html = readFileSync(join(folder, "paused.html"), "utf8");
    const asked = dataIn(html).incidents.find(({ what }) => what === "asked for");
    expect(asked?.text).toMatch(/^pause.*: a spill <b>, by \S+$/);
    expect(dataIn(html).incidents.map(({ what }) => what)).toContain("went on");
    expect(html).toContain("a spill &lt;b&gt;");
    expect(html).toMatch(/<rect class="band"[^>]*><title>paused by /);
  });
});

describe("a report of a night on real instruments", () => {
  it("tells the trip, who acknowledged it and why, and the lab's stock", async () => {
    const folder = testFolder();
    const bath = await emulatedTwin(folder, "julabo/circulator", "--tcp", "0");
    const twin = ["--tcp", "0", "--process", "colour-mixing", "--set", "port=cyan"];
    const pump = await emulatedTwin(folder, "new-era/ne-1000", ...twin);
    writeFileSync(
      join(folder, "campaign.yaml"),
      `labloop: 1
name: dose
lab: lab.yaml
parameters: { warm: { min: 21 degC, max: 30 degC } }
procedure:
  - { do: pump.dispense, with: { volume: 10 uL }, within: 1 min }
  - { do: bath.set-setpoint, with: { setpoint: warm }, within: 1 min }
  - { measure: bath.read, as: now, within: 1 min }
measurements: { t: { expression: now.temperature, unit: degC, noise: 1 K } }
goal: { maximise: t }
budget: { experiments: 3, consumables: { tips: { available: 10, per_experiment: 1 } } }
`,
    );
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
  dye: { drawn: [pump.dispense.volume], available: 100 uL, reserve: 10 uL }
interlocks:
  # The room has 22 degC.
  cold: { watch: bath.temperature, max: 10 degC, then: abort }
`,
    );
    const run = await labloopIn(folder, "run", "campaign.yaml", "--live", "--quiet");
    expect(run.status).toBe(4);
    await labloopIn(folder, "report", "--out", "tripped.html");
    const tripped = readFileSync(join(folder, "tripped.html"), "utf8");
    expect(tripped).toContain("What wants attention");
    expect(tripped).toContain("was not acknowledged");
    await labloopIn(folder, "acknowledge", "--why", "the probe was in air");
    await labloopIn(folder, "report", "--out", "seen.html");
    const html = readFileSync(join(folder, "seen.html"), "utf8");
    expect(html).toContain("LIVE: on real instruments");
    expect(html).toContain("--live --seed 1");
    expect(html).not.toContain("was not acknowledged");
    const told = dataIn(html);
    expect(told.incidents.map(({ what }) => what)).toEqual(expect.arrayContaining(["tripped", "parked"]));
    expect(told.incidents.find(({ text }) => text.startsWith("acknowledge"))?.text).toContain(
      "the probe was in air",
    );
    const dye = told.uses.find(({ name }) => name === "dye");
    const doses = dye === undefined ? -1 : Math.round(dye.used / 10);
    expect(dye).toMatchObject({ used: 10 * doses, left: 90 - 10 * doses });
    expect(told.uses.map(({ name }) => name)).toEqual(["tips", "dye"]);
  });
});

describe("a report of several objectives within limits", () => {
  it("shows the front, and how many results keep the limits", async () => {
    const folder = testFolder();
    const example = (file: string): string => readFileSync(join("examples/colour-match", file), "utf8");
    const campaign = replaced(example("campaign.yaml"), {
      "    unit: AU\n":
        "    unit: AU\n  dye: { expression: cyan + magenta + yellow, unit: uL }\nlimits: { dye: { max: 2500 uL } }\n",
      "goal: { minimise: distance, enough: 0.05 AU }": "goal: [{ minimise: distance }, { minimise: dye }]",
      "experiments: 40": "experiments: 10",
    });
    writeFileSync(join(folder, "campaign.yaml"), campaign);
    writeFileSync(join(folder, "lab.yaml"), example("lab.yaml"));
    expect((await labloopIn(folder, "run", "campaign.yaml", "--simulate", "--quiet")).status).toBe(0);
    await labloopIn(folder, "report", "--out", "front.html");
    const html = readFileSync(join(folder, "front.html"), "utf8");
    expect(html).toContain("<h3>The front</h3>");
    expect(html).toContain('aria-label="dye against distance"');
    expect(html).toMatch(/\d+ of 10 results \(dye at most 2500 uL\)/);
    expect(html).not.toMatch(/undefined|NaN/);
  });
});

describe("labloop report", () => {
  let folder: string;
  beforeAll(() => {
    folder = reported("dye-series").folder;
  });

  it("writes beside where it is called, and says so to programs", async () => {
    const { stdout } = await labloopIn(folder, "report", "--json");
    const [said] = jsonLines<{ file: string }>(stdout);
    expect(said).toMatchObject({ event: "reported", format: "html" });
    expect(existsSync(join(folder, said?.file ?? ""))).toBe(true);
  });

  it("is one function for programs", async () => {
    const html = await campaignReport({ database: join(folder, "labloop.db") });
    expect(dataIn(html).key).toMatch(/^dye-series-/);
    await expect(
      campaignReport({ database: join(folder, "labloop.db"), campaign: "other" }),
    ).rejects.toMatchObject({ fault: { code: "record.no-campaign" } });
  });

  it.each([
    [["--format", "pdf"], { PATH: "", CHROME_PATH: "" }, /none is on the PATH.*cli\.no-chromium/s],
    [["--out", "a.pdf"], { CHROME_PATH: "/no/chrome" }, /names no program: "\/no\/chrome"/],
    [["--out", "a.pdf"], { CHROME_PATH: process.execPath }, /printed no PDF.*cli\.not-printed/s],
    [["--format", "docx"], {}, /there is no format "docx"/],
    [["--out", "nowhere/a.html"], {}, /"nowhere\/a\.html" can't be written/],
    [["other"], {}, /there is no campaign "other"/],
  ])("refuses %j with %j", async (words, environment, message) => {
    const { status, stderr } = await labloopIn(folder, "report", ...words, environment);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(existsSync(join(folder, "a.pdf"))).toBe(false);
  });

  it("says so in front when a journal was altered", async () => {
    const changed = reported("dye-series");
    const database = await openDatabase(join(changed.folder, "labloop.db"));
    await database.queries.$executeRawUnsafe(`UPDATE "Event" SET "time" = '2031' WHERE "seq" = 40`);
    await database.close();
    const html = await campaignReport({ database: join(changed.folder, "labloop.db") });
    expect(html).toContain("The journal is not intact.");
    expect(html).toContain("NOT INTACT");
    expect(dataIn(html).journal.intact).toBe(false);
  });
});
