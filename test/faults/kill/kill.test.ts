import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { LoopEvent } from "../../../src/loop/event.ts";
import { openDatabase } from "../../../src/record/database.ts";
import { eventOf } from "../../../src/record/journal-entry.ts";
import { openStore } from "../../../src/record/store.ts";
import { type BenchPump, benchPump } from "../../support/bench-pump.ts";
import { labloopIn, testFolder } from "../../support/labloop.ts";

const MAIN = resolve("dist/src/operator/cli/main.js");
const KILL_AT = resolve("test/faults/kill/kill-at.mjs");
/** Every n-th point is tried; `npm run test:kill` tries all. */
const STRIDE = Number(process.env["LABLOOP_KILL_STRIDE"] ?? 41);
const EXPERIMENTS = 30;
/** Entries that come together share an append, so that another run may have a few less. */
const SPARE = 6;

const CAMPAIGN = `labloop: 1
name: doses
seed: 3
lab: lab.yaml
parameters:
  dose: { min: 10 uL, max: 60 uL, step: 10 uL }
  order: { min: 1, max: 9, integer: true }
procedure:
  - { measure: pump.dispense, with: { volume: dose }, as: given, within: 30 s }
measurements:
  y: { expression: "1 - ((given.volume - 20 uL) / 20 uL)^2 - order / 100", unit: "1" }
goal: { maximise: y }
budget: { experiments: ${EXPERIMENTS} }
`;

// Without a watchdog, which would stop the pump in the middle of a dose: here every dose is whole after a kill, so that the
// journals can be compared. test/faults/watchdog.test.ts is about those that are cut short.
const lab = (port: number): string => `labloop: 1
name: bench
watchdog: off
instruments:
  pump:
    driver: new-era/ne-1000
    connect: { tcp: "127.0.0.1:${port}" }
    settings: { diameter: 26.7 mm, syringe-volume: 60 mL, rate: 25 mL/min }
`;

const RUN = ["run", "campaign.yaml", "--live"];

type Moment = "before" | "after";

/** Where a process of labloop dies. */
type Point =
  | { readonly kind: "append"; readonly moment: Moment; readonly number: number }
  | { readonly kind: "command"; readonly moment: Moment; readonly number: number };

interface Bench {
  readonly folder: string;
  readonly pump: BenchPump;
}

async function openBench(campaign: string = CAMPAIGN): Promise<Bench> {
  const folder = testFolder();
  const pump = await benchPump();
  writeFileSync(join(folder, "campaign.yaml"), campaign);
  writeFileSync(join(folder, "lab.yaml"), lab(pump.port));
  return { folder, pump };
}

/** Runs a command of labloop until it dies at a point, or ends because the point doesn't come. */
async function runUntil({ folder, pump }: Bench, words: readonly string[], point: Point): Promise<boolean> {
  const env = { ...process.env, LABLOOP_DB: "labloop.db" };
  const inside = point.kind === "append" ? { LABLOOP_TEST_KILL: `${point.moment} ${point.number}` } : {};
  const loaded = point.kind === "append" ? ["--import", KILL_AT] : [];
  const child = spawn(process.execPath, [...loaded, MAIN, ...words, "--json", "--quiet"], {
    cwd: folder,
    env: { ...env, ...inside },
    stdio: "ignore",
  });
  if (point.kind === "command") pump.watch({ ...point, kill: () => void child.kill("SIGKILL") });
  return new Promise((done) => {
    child.on("close", (_, signal) => done(signal === "SIGKILL"));
  });
}

/** What a journal says, without what differs from run to run: times, the pump's port, and that it was taken up again. */
async function journalOf(folder: string): Promise<LoopEvent[]> {
  const database = await openDatabase(join(folder, "labloop.db"));
  try {
    const store = openStore(database);
    const [row] = await store.campaigns();
    const events: LoopEvent[] = [];
    for await (const entry of store.entries(row?.key ?? "")) {
      const event = eventOf(entry);
      if (event.type === "campaign.started") events.push({ ...event, files: {} });
      else if (event.type !== "campaign.resumed" && !TIMED.has(event.type)) events.push(untimed(event));
    }
    return events;
  } finally {
    await database.close();
  }
}

/** What tells how long something took. */
const TIMED: ReadonlySet<LoopEvent["type"]> = new Set(["action.overdue", "alarm.raised", "alarm.cleared"]);

/** An event without what was found unusual of the times that its experiment took. */
function untimed(event: LoopEvent): LoopEvent {
  if (event.type !== "measurement.recorded" || event.suspect === undefined) return event;
  const { suspect, judgedBy: _, ...others } = event;
  const left = suspect.filter(({ what }) => what !== "durations");
  return left.length === 0 ? others : { ...others, suspect: left };
}

/** A run that nobody kills: its journal, and in how many appends it was written. */
async function runUnbroken(): Promise<{ journal: LoopEvent[]; appends: number }> {
  const bench = await openBench();
  const counted = join(bench.folder, "appends");
  const env = { NODE_OPTIONS: `--import=${KILL_AT}`, LABLOOP_TEST_COUNT: counted };
  const { status, stderr } = await labloopIn(bench.folder, ...RUN, "--quiet", "--json", env);
  if (status !== 0) throw new Error(stderr);
  await bench.pump.close();
  return { journal: await journalOf(bench.folder), appends: Number(readFileSync(counted, "utf8")) };
}

function pointsOf(kind: Point["kind"], count: number): Point[] {
  return Array.from({ length: count }, (_, i) => i + 1).flatMap((number) =>
    (["before", "after"] as const).map((moment) => ({ kind, moment, number })),
  );
}

/** Every n-th of the points, another first one for each kind. */
function chosen(points: readonly Point[], first: number): Point[] {
  return points.filter((_, i) => i % STRIDE === first % STRIDE);
}

const tried = new Map<string, number>();
const count = (what: string): void => {
  tried.set(what, (tried.get(what) ?? 0) + 1);
};

afterAll(() => {
  const rows = [...tried].map(([what, times]) => `| ${what} | ${times} | ${times} |`);
  console.log(["| killed | points | went on as it should |", "| --- | --- | --- |", ...rows].join("\n"));
});

/** How a campaign goes on: one that never got an entry written is run again. */
async function goingOn(folder: string): Promise<readonly string[]> {
  return (await journalOf(folder)).length === 0 ? RUN : ["resume"];
}

async function expectWhole(bench: Bench): Promise<void> {
  const resumed = await labloopIn(bench.folder, ...(await goingOn(bench.folder)), "--quiet", "--json");
  expect(resumed.stderr).toBe("");
  expect(resumed.status).toBe(0);
  const journal = await journalOf(bench.folder);
  expect(journal).toEqual(unbroken.journal);
  expect(bench.pump.orders()).toBe(EXPERIMENTS);
  expect(bench.pump.doses()).toHaveLength(EXPERIMENTS);
  const verified = await labloopIn(bench.folder, "verify", "--quiet");
  expect(verified.status).toBe(0);
  await bench.pump.close();
}

const name = ({ kind, moment, number }: Point): string => `${moment} ${kind} ${number}`;
const unbroken = await runUnbroken();
const APPENDS = unbroken.appends - SPARE;

describe("a campaign with doses that may not be repeated", () => {
  const points = [...chosen(pointsOf("append", APPENDS), 1), ...chosen(pointsOf("command", EXPERIMENTS), 2)];

  it.concurrent.each(points.map((point) => [name(point), point] as const))(
    "killed %s goes on to the same journal, with every dose once",
    async (_, point) => {
      const bench = await openBench();
      expect(await runUntil(bench, RUN, point)).toBe(true);
      await expectWhole(bench);
      count(`${point.moment} ${point.kind === "append" ? "an append" : "a command"}`);
    },
  );

  const again = chosen(pointsOf("append", APPENDS), 7).slice(0, Math.ceil(80 / STRIDE));
  it.concurrent.each(again.map((point) => [name(point), point] as const))(
    "killed %s and again while it recovers goes on to the same journal",
    async (_, point) => {
      const bench = await openBench();
      expect(await runUntil(bench, RUN, point)).toBe(true);
      for (const second of [
        { kind: "append", moment: "before", number: 1 },
        { kind: "append", moment: "after", number: 2 },
      ] as const)
        expect(await runUntil(bench, await goingOn(bench.folder), second)).toBe(true);
      await expectWhole(bench);
      count("and twice more while it recovered");
    },
  );
});

describe("a dose of which a pump without power can't tell", () => {
  const policies = (inDoubt: string): string =>
    `${CAMPAIGN.replace(/expression: "[^"]*"/, 'expression: "1 - ((dose - 20 uL) / 20 uL)^2"')}failures: { in_doubt: ${inDoubt} }\n`;

  async function afterPowerFailure(
    inDoubt: string,
  ): Promise<{ bench: Bench; status: number | null; stderr: string }> {
    const bench = await openBench(policies(inDoubt));
    expect(await runUntil(bench, RUN, { kind: "command", moment: "after", number: 4 })).toBe(true);
    bench.pump.losePower();
    const { status, stderr } = await labloopIn(bench.folder, "resume", "--quiet");
    await bench.pump.close();
    count(`a dose in doubt, policy ${inDoubt}`);
    return { bench, status, stderr };
  }

  const ofExperiment4 = (journal: readonly LoopEvent[], type: LoopEvent["type"]): LoopEvent | undefined =>
    journal.find((event) => event.type === type && "experiment" in event && event.experiment === 4);

  it.concurrent("ends the campaign where nothing is said", async () => {
    const { bench, status } = await afterPowerFailure("stop");
    expect(status).toBe(6);
    const journal = await journalOf(bench.folder);
    expect(journal.at(-1)).toMatchObject({ type: "campaign.concluded", reason: "outcome unknown" });
    expect(ofExperiment4(journal, "measurement.recorded")).toBeUndefined();
    expect(bench.pump.orders()).toBe(4);
  });

  it.concurrent("is discarded with its sample, and not given again", async () => {
    const { bench, status } = await afterPowerFailure("{ pump.dispense: discard }");
    expect(status).toBe(0);
    const journal = await journalOf(bench.folder);
    expect(ofExperiment4(journal, "action.failed")).toMatchObject({
      effect: "unknown",
      discardedBy: "the campaign file",
    });
    expect(ofExperiment4(journal, "measurement.recorded")).toBeUndefined();
    // One of the budget's experiments is spent on it.
    expect(bench.pump.orders()).toBe(EXPERIMENTS);
  });

  it.concurrent("counts as done where the file accepts it, and is not given again", async () => {
    const { bench, status } = await afterPowerFailure("{ others: accept }");
    expect(status).toBe(0);
    const journal = await journalOf(bench.folder);
    expect(ofExperiment4(journal, "action.finished")).toMatchObject({
      flags: ["pump.dispense counts as done, as the campaign file says"],
    });
    expect(ofExperiment4(journal, "measurement.recorded")).toMatchObject({ unusable: [] });
    expect(bench.pump.orders()).toBe(EXPERIMENTS);
  });
});
