import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inlineCompute } from "../../src/lab/compute/inline-compute.ts";
import { loadCampaign } from "../../src/lab/load-campaign.ts";
import { startCampaign } from "../../src/lab/run-campaign.ts";
import { openMemoryDatabase } from "../../src/record/database.ts";
import type { JournalEntry } from "../../src/record/journal-entry.ts";
import { followed, jsonLines, labloop, testFolder } from "../support/labloop.ts";

const EXAMPLE = "examples/colour-match";
/** Seconds of lab time in one. */
const SPEED = 50;

/** Two experiments of the example, with 20 seconds for mixing rather than five minutes. */
function shortCampaign(): string {
  const folder = testFolder();
  const text = readFileSync(join(EXAMPLE, "campaign.yaml"), "utf8");
  const changed = text.replace("- wait: 5 min", "- wait: 20 s").replace("experiments: 40", "experiments: 2");
  expect(changed).toContain("experiments: 2");
  writeFileSync(join(folder, "campaign.yaml"), changed);
  writeFileSync(join(folder, "lab.yaml"), readFileSync(join(EXAMPLE, "lab.yaml")));
  return join(folder, "campaign.yaml");
}

/** The journal of a campaign, in virtual time or at a speed. */
async function journalOf(file: string, speed?: number): Promise<JournalEntry[]> {
  const loading = await loadCampaign({ file, seed: 5 });
  if (loading.kind === "faults") throw new Error(JSON.stringify(loading.faults));
  const database = await openMemoryDatabase();
  const entries: JournalEntry[] = [];
  const started = await startCampaign({
    loaded: loading.loaded,
    source: file,
    mode: speed === undefined ? "virtual" : "real-time",
    ...(speed !== undefined && { speed }),
    database,
    compute: inlineCompute(),
    observer: {
      onEntry: (entry) => entries.push(entry),
      note: () => undefined,
      ask: async () => "simulated",
    },
  });
  if (started.kind === "refused") throw new Error(JSON.stringify(started.faults));
  expect(await started.running.ended).toMatchObject({ kind: "concluded" });
  await database.close();
  return entries;
}

/** What an entry says; its hash stands for this and for everything before. */
function said({ seq, time, kind, data, commands }: JournalEntry): unknown {
  return { seq, time, kind, data, commands };
}

/** Keeps the process busy for four fifths of the time, so that hardly a timer is in time. */
function load(): () => void {
  const timer = setInterval(() => {
    const until = performance.now() + 40;
    while (performance.now() < until);
  }, 50);
  return () => clearInterval(timer);
}

it("a campaign at 50 times real speed has the journal that it has in virtual time, times and readings included, however late its timers are", async () => {
  const file = shortCampaign();
  const virtual = await journalOf(file);
  const began = performance.now();
  const unload = load();
  const paced = await journalOf(file, SPEED);
  unload();
  const took = performance.now() - began;
  expect(paced.slice(1).map(said)).toEqual(virtual.slice(1).map(said));
  const [first, other] = [virtual[0], paced[0]].map((entry) => JSON.parse(entry?.data ?? "") as object);
  expect(other).toEqual({ ...first, mode: "real-time", speed: SPEED });
  expect(paced[0]).toMatchObject({
    seq: virtual[0]?.seq,
    time: virtual[0]?.time,
    commands: virtual[0]?.commands,
  });
  // It is by the wall that it went: the lab's time lay between.
  const labTime = Date.parse(virtual.at(-1)?.time ?? "") - Date.parse(virtual[0]?.time ?? "");
  expect(labTime).toBeGreaterThan(60_000);
  expect(took).toBeGreaterThan(labTime / SPEED);
});

it.each([
  ["--simulate", "--speed", "fast"],
  ["--simulate", "--speed", "0"],
  ["--live", "--speed", "50"],
])("a speed that is none, or on real instruments, is refused: %s %s %s", (...words) => {
  const { status, stderr } = labloop(testFolder(), "run", join(EXAMPLE, "campaign.yaml"), ...words);
  expect(stderr).toMatch(/--speed/);
  expect(status).toBe(2);
});

it("a campaign at a speed that was killed goes on where it was, in its own time", async () => {
  const folder = testFolder();
  const file = shortCampaign();
  const times: string[] = [];
  await followed<{ readonly event: string; readonly time: string }>(
    folder,
    ["run", file, "--simulate", "--speed", "50"],
    ({ event, time }, signal) => {
      times.push(time);
      if (event === "measurement.recorded") signal("SIGKILL");
    },
  );
  const { stdout } = labloop(folder, "resume", "--json", "--quiet");
  const resumed = jsonLines<{ readonly event: string; readonly time: string }>(stdout);
  expect(resumed.at(-1)?.event).toBe("campaign.concluded");
  const first = resumed.find(({ event }) => event === "campaign.resumed")?.time ?? "";
  const gap = Date.parse(first) - Date.parse(times.at(-1) ?? "");
  expect(gap).toBeGreaterThanOrEqual(0);
  expect(gap).toBeLessThan(10 * 60_000);
});
