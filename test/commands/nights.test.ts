import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bathBench, bathLab } from "../support/bath-bench.ts";
import { jsonLines, labloopIn, testFolder } from "../support/labloop.ts";
import { emulatedTwin } from "./emulated-twin.ts";

const CAMPAIGN = { name: "warm", budget: "experiments: 3, time: 12 h", wait: "1 h" } as const;

const ZONE = "simulation: { zone: Europe/Berlin }\n";

interface Outlook {
  readonly nights: number;
  readonly end: { readonly p10: number; readonly p50: number; readonly p90: number };
  readonly doneBy?: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly risks: readonly { readonly what: string; readonly share: number; readonly after: number }[];
}

function bench(): string {
  return bathBench(CAMPAIGN, bathLab({ more: ZONE }));
}

async function outlook(folder: string, ...words: readonly string[]): Promise<Outlook> {
  const { status, stdout, stderr } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", ...words);
  expect(stderr).not.toContain("error");
  expect(status).toBe(0);
  return jsonLines<Outlook>(stdout)[0] as Outlook;
}

describe.concurrent("labloop dry-run with nights", () => {
  it("tells when it will be done, how likely in time, and keeps nothing", async () => {
    const folder = bench();
    const told = await outlook(folder, "--nights", "6", "--from", "18:00", "--until", "22:00");
    expect(told).toMatchObject({ nights: 6, doneBy: 1, reasons: { "budget of experiments used": 1 } });
    // 18:00 in Berlin, and three hours of waiting.
    expect(new Date(told.end.p50).toISOString()).toMatch(/^2030-01-01T20:0/);
    const late = await outlook(folder, "--nights", "2", "--from", "18:00", "--until", "20:30");
    expect(late.doneBy).toBe(0);
    const listed = await labloopIn(folder, "list");
    expect(listed.stderr).toContain("no campaign yet");
  });

  it("tells the same twice, and other nights of other seeds", async () => {
    const folder = bench();
    const words = ["--nights", "3", "--chaos", "0.5"];
    const first = await outlook(folder, ...words);
    expect(await outlook(folder, ...words)).toEqual(first);
    expect(await outlook(folder, ...words, "--seed", "40")).not.toEqual(first);
  });

  it("tells what happens if something fails, and when first", async () => {
    const folder = bench();
    const told = await outlook(folder, "--nights", "2", "--what-if", "30 min bath silence 2 h");
    expect(told.risks[0]).toMatchObject({ share: 1 });
    expect(told.risks[0]?.what).toContain("bath.read");
    expect(told.risks[0]?.after).toBeGreaterThan(3_500_000);
  });

  it("prints lines, a chart, and a page that needs nothing else", async () => {
    const folder = bench();
    const { stdout } = await labloopIn(
      folder,
      "dry-run",
      "campaign.yaml",
      "--nights",
      "2",
      "--out",
      "night.html",
    );
    expect(stdout).toMatch(/^done at {6}\d\d:\d\d/);
    expect(stdout).toMatch(/\nbath {2}[·░▒█]+\n/);
    const page = readFileSync(join(folder, "night.html"), "utf8");
    expect(page).toContain("<svg");
    expect(page).toContain("experiment 3: bath.read");
    expect(page).not.toMatch(/(src|href)="/);
  });

  it.each([
    [["--what-if", "at noon bath silence"], /--what-if doesn't understand/],
    [["--what-if", "02:10 bth silence"], /there is no instrument "bth"/],
    [["--until", "soon"], /--until takes a time of day/],
    [["--from", "26:00"], /is no time/],
    [["--chaos", "many"], /--chaos takes faults an hour/],
    [["--nights", "none"], /--nights/],
  ])("refuses %j", async (words, told) => {
    const { status, stderr } = await labloopIn(bench(), "dry-run", "campaign.yaml", ...words);
    expect(stderr).toMatch(told);
    expect(status).toBe(2);
  });
});

it("takes durations from what the real instruments took, once there are enough", async () => {
  const { address } = await emulatedTwin(testFolder(), "julabo/circulator", "--tcp", "0");
  const quick = { name: "warm", budget: "experiments: 9, time: 12 h" };
  const folder = bathBench(quick, bathLab({ address, more: ZONE }));
  const before = await labloopIn(folder, "dry-run", "campaign.yaml", "--nights", "1");
  expect(before.stdout).toContain("durations    those of the simulated instruments");
  expect((await labloopIn(folder, "run", "campaign.yaml", "--live", "--quiet")).status).toBe(0);
  const after = await labloopIn(folder, "dry-run", "campaign.yaml", "--nights", "1");
  expect(after.stdout).toMatch(/durations {4}learned from real ones: .*bath\.set-setpoint \(9\)/);
});
