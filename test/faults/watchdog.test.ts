import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  simulator as circulator,
  type SimulatedCirculator,
} from "../../simulators/instruments/julabo/circulator/index.ts";
import { type Emulation, emulateOverTcp, readSettings } from "../../src/instrument/index.ts";
import { SystemClock } from "../../src/lab/system-clock.ts";
import type { LoopEvent } from "../../src/loop/event.ts";
import { openDatabase } from "../../src/record/database.ts";
import { eventOf } from "../../src/record/journal-entry.ts";
import { type CampaignRow, openStore, type Store } from "../../src/record/store.ts";
import { type BenchPump, benchPump } from "../support/bench-pump.ts";
import { labloopIn, testFolder } from "../support/labloop.ts";

const MAIN = resolve("dist/src/operator/cli/main.js");
const RUN = ["run", "campaign.yaml", "--live"];
/** Milliseconds from a stall to the safe state. */
const BAR = 2000;
/** uL; at 25 mL/min the shortest dose takes 3.6 s, so that none ends by itself within the bar. */
const [LEAST, MOST] = [1500, 2000];

const campaign = (seed: number): string => `labloop: 1
name: doses
seed: ${seed}
lab: lab.yaml
parameters:
  dose: { min: ${LEAST} uL, max: ${MOST} uL, step: 100 uL }
procedure:
  - { do: bath.set-setpoint, with: { setpoint: 60 degC } }
  - { do: bath.start }
  - { measure: pump.dispense, with: { volume: dose }, as: given, within: 30 s }
measurements:
  y: { expression: "(given.volume - 1600 uL) / 1 mL", unit: "1" }
goal: { maximise: y }
failures: { in_doubt: { pump.dispense: discard } }
budget: { experiments: 2 }
`;

const lab = (pump: number, bath: number, watchdog: string): string => `labloop: 1
name: bench
${watchdog}
instruments:
  pump:
    driver: new-era/ne-1000
    connect: { tcp: "127.0.0.1:${pump}" }
    settings: { diameter: 26.7 mm, syringe-volume: 60 mL, rate: 25 mL/min }
  bath: { driver: julabo/circulator, connect: { tcp: "127.0.0.1:${bath}" } }
`;

interface Bench {
  readonly folder: string;
  readonly pump: BenchPump;
  readonly bath: Emulation<SimulatedCirculator>;
}

/** A pump and a bath that answer at ports of this process, for as long as something is done with them. */
async function onBench(
  { seed = 1, watchdog = "" }: { readonly seed?: number; readonly watchdog?: string },
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  const folder = testFolder();
  const pump = await benchPump();
  const read = readSettings("bath", circulator.settings, {});
  if (read.kind === "refused") throw new Error("the bath's settings are refused");
  const bath = await emulateOverTcp(
    {
      name: "bath",
      clock: new SystemClock(),
      seed: 1,
      simulator: circulator,
      settings: read.settings,
      process: { ports: {}, facts: () => [] },
    },
    0,
  );
  writeFileSync(join(folder, "campaign.yaml"), campaign(seed));
  writeFileSync(join(folder, "lab.yaml"), lab(pump.port, bath.port, watchdog));
  try {
    await work({ folder, pump, bath });
  } finally {
    await pump.close();
    await bath.close();
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

/** Starts a command of labloop in a session of its own, as a terminal does. */
function begin(folder: string, words: readonly string[], loaded: readonly string[] = []): Running {
  const child = spawn(process.execPath, [...loaded, MAIN, ...words], {
    cwd: folder,
    env: { ...process.env, LABLOOP_DB: "labloop.db" },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((done) => {
    child.on("close", done);
  });
  return { child, said: () => said, ended };
}

/** Waits for a dose to begin; a campaign that ends before is told with what it said. */
async function dosing({ pump }: Bench, { ended, said }: Running): Promise<void> {
  const over = ended.then(() => Promise.reject(new Error(said())));
  over.catch(() => undefined);
  await Promise.race([pump.until("runs"), over]);
}

async function inDatabase<T>(
  folder: string,
  work: (store: Store, row: CampaignRow) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(join(folder, "labloop.db"));
  try {
    const store = openStore(database);
    const [row] = await store.campaigns();
    if (row === undefined) throw new Error("there is no campaign");
    return await work(store, row);
  } finally {
    await database.close();
  }
}

/** The process that looks after the campaign that runs. */
function watchdogOf(folder: string): Promise<number> {
  return inDatabase(folder, async (_, { owner }) => {
    const { watchdog } = JSON.parse(owner ?? "{}") as { watchdog?: { pid: number } };
    if (watchdog === undefined) throw new Error("the campaign has no watchdog");
    return watchdog.pid;
  });
}

function journalOf(folder: string): Promise<LoopEvent[]> {
  return inDatabase(folder, async (store, { key }) => {
    const events: LoopEvent[] = [];
    for await (const entry of store.entries(key)) events.push(eventOf(entry));
    return events;
  });
}

/** Whether a process is there and does something still; one that ended may wait to be collected. */
function lives(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`) && isThere(pid);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds from a moment until the pump stands and the bath no longer heats. */
async function safeAfter({ pump, bath }: Bench, began: number): Promise<number> {
  const stood = await pump.until("stands");
  await vi.waitFor(() => expect(bath.twin.running).toBe(false), { interval: 5, timeout: 10_000 });
  return Math.max(stood, performance.now()) - began;
}

/** Resumes, and looks that the campaign comes to its end with a journal that is intact and tells of the watchdog. */
async function expectResumed(bench: Bench, why: "stalled" | "ended"): Promise<void> {
  const { folder } = bench;
  const shown = await labloopIn(folder, "show", "--json");
  expect(JSON.parse(shown.stdout)).toMatchObject({
    state: "interrupted",
    watchdog: [{ why, unknown: [], states: { bath: expect.stringContaining("running 0") as string } }],
  });
  const listed = await labloopIn(folder, "list");
  expect(listed.stdout).toContain("watchdog: labloop had");
  const resumed = await labloopIn(folder, "resume");
  expect(resumed.stderr).toContain("watchdog:");
  expect(resumed.status).toBe(0);
  await expectWhole(folder, why);
}

async function expectWhole(folder: string, why: "stalled" | "ended"): Promise<void> {
  const kinds = await journalOf(folder);
  const at = kinds.findIndex(({ type }) => type === "watchdog.fired");
  expect(kinds.filter(({ type }) => type === "watchdog.fired")).toHaveLength(1);
  expect(kinds[at]).toMatchObject({
    why,
    unknown: [],
    states: { pump: expect.stringContaining("stopped") as string },
  });
  expect(kinds[at + 1]?.type).toBe("campaign.resumed");
  expect(kinds.at(-1)?.type).toBe("campaign.concluded");
  const cut = kinds.find(({ type }) => type === "action.failed");
  expect(cut).toMatchObject({ effect: "unknown", discardedBy: "the campaign file" });
  const verified = await labloopIn(folder, "verify");
  expect(verified.status).toBe(0);
}

/** A runtime that stops answering when it is told to by a signal. */
const stalling = (how: string): string[] => [
  "--import",
  `data:text/javascript,process.on("SIGUSR2",()=>{${how}})`,
];

describe("a live campaign", () => {
  it.each([1, 2])("that is stopped in the middle of dose %i is safe within 2 s, and can be resumed", (dose) =>
    onBench({ seed: dose }, async (bench) => {
      const running = begin(bench.folder, RUN);
      await dosing(bench, running);
      if (dose === 2) {
        await bench.pump.until("stands");
        await dosing(bench, running);
      }
      running.child.kill("SIGSTOP");
      expect(await safeAfter(bench, performance.now())).toBeLessThan(BAR);
      await running.ended;
      expect(running.child.signalCode).toBe("SIGKILL");
      expect(bench.pump.doses()).toHaveLength(dose);
      expect(bench.pump.doses().at(-1)).toBeLessThan(LEAST);
      expect(running.said()).toMatch(/watchdog: labloop \(process \d+\) had stalled and was ended/);
      expect(running.said()).toMatch(/pump: motor stopped/);
      await expectResumed(bench, "stalled");
    }),
  );

  it("that is stopped while the bath heats is safe within 2 s", () =>
    onBench({}, async (bench) => {
      const running = begin(bench.folder, RUN);
      await vi.waitFor(() => expect(bench.bath.twin.running).toBe(true), { interval: 5, timeout: 20_000 });
      running.child.kill("SIGSTOP");
      expect(await safeAfter(bench, performance.now())).toBeLessThan(BAR);
      await running.ended;
      expect(bench.pump.doses()).toEqual([]);
    }));

  it.each([
    ["runs in an endless loop", "for(;;){}"],
    ["hangs in a call that doesn't return", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)"],
  ])("that %s is safe within 2 s", (_, how) =>
    onBench({}, async (bench) => {
      const running = begin(bench.folder, RUN, stalling(how));
      await dosing(bench, running);
      running.child.kill("SIGUSR2");
      expect(await safeAfter(bench, performance.now())).toBeLessThan(BAR);
      await running.ended;
      expect(running.child.signalCode).toBe("SIGKILL");
      expect(bench.pump.doses()[0]).toBeLessThan(LEAST);
    }),
  );

  it("that is killed is safe at once, and can be resumed", () =>
    onBench({}, async (bench) => {
      const running = begin(bench.folder, RUN);
      await dosing(bench, running);
      running.child.kill("SIGKILL");
      expect(await safeAfter(bench, performance.now())).toBeLessThan(BAR / 2);
      await running.ended;
      expect(running.said()).toContain("ended without a goodbye");
      await expectResumed(bench, "ended");
    }));

  it("is resumed only when its watchdog has made the instruments safe", () =>
    onBench({}, async (bench) => {
      const running = begin(bench.folder, RUN);
      await dosing(bench, running);
      const watchdog = await watchdogOf(bench.folder);
      process.kill(watchdog, "SIGSTOP");
      running.child.kill("SIGKILL");
      const resumed = begin(bench.folder, ["resume"]);
      await vi.waitFor(() => expect(resumed.said()).toContain("going on behind entry"), { timeout: 20_000 });
      process.kill(watchdog, "SIGCONT");
      expect(await resumed.ended).toBe(0);
      // The old watchdog has written before the new process has begun.
      await expectWhole(bench.folder, "ended");
    }));

  it("that ends in an orderly way leaves no process, and nothing is said of a watchdog", () =>
    onBench({}, async (bench) => {
      const running = begin(bench.folder, RUN);
      await dosing(bench, running);
      const watchdog = await watchdogOf(bench.folder);
      expect(lives(watchdog)).toBe(true);
      expect(await running.ended).toBe(0);
      expect(lives(watchdog)).toBe(false);
      expect(running.said()).not.toContain("watchdog");
      expect(await inDatabase(bench.folder, (store, { key }) => store.firings(key))).toEqual([]);
      expect(bench.pump.doses().map(Math.round)).toHaveLength(2);
    }));

  it("that is stopped by Ctrl-C ends its experiment, and the watchdog does nothing", () =>
    onBench({}, async (bench) => {
      const running = begin(bench.folder, RUN);
      await dosing(bench, running);
      const watchdog = await watchdogOf(bench.folder);
      // To the whole group, as a terminal does.
      process.kill(-(running.child.pid as number), "SIGINT");
      expect(await running.ended).toBe(3);
      expect(lives(watchdog)).toBe(false);
      expect(running.said()).not.toContain("watchdog");
      expect(bench.pump.doses()[0]).toBeGreaterThan(LEAST - 1);
    }));

  it("goes on when the watchdog itself was stopped for longer than a stall takes", () =>
    onBench({ watchdog: "watchdog: { after: 0.5 s }" }, async (bench) => {
      const running = begin(bench.folder, RUN);
      await dosing(bench, running);
      const watchdog = await watchdogOf(bench.folder);
      process.kill(watchdog, "SIGSTOP");
      await bench.pump.until("stands");
      process.kill(watchdog, "SIGCONT");
      expect(await running.ended).toBe(0);
      expect(running.said()).not.toContain("watchdog");
    }));

  it("without a watchdog has none", () =>
    onBench({ watchdog: "watchdog: off" }, async (bench) => {
      const running = begin(bench.folder, RUN);
      await dosing(bench, running);
      await expect(watchdogOf(bench.folder)).rejects.toThrow("has no watchdog");
      running.child.kill("SIGKILL");
      await running.ended;
      await bench.pump.until("stands");
      expect(bench.pump.doses()[0]).toBeGreaterThan(LEAST - 1);
    }));
});

describe("two live campaigns on one lab", () => {
  const both = [...RUN, "other.yaml"];
  const writeOther = (folder: string): void =>
    writeFileSync(join(folder, "other.yaml"), campaign(2).replace("name: doses", "name: others"));

  it("have one watchdog, which tells both of what it did; each is resumed", () =>
    onBench({}, async (bench) => {
      const { folder } = bench;
      writeOther(folder);
      const running = begin(folder, both);
      await dosing(bench, running);
      running.child.kill("SIGKILL");
      expect(await safeAfter(bench, performance.now())).toBeLessThan(BAR / 2);
      await running.ended;
      expect(running.said().match(/ended without a goodbye/g)).toHaveLength(1);
      expect(running.said()).toMatch(/go on with `labloop resume doses-/);
      expect(running.said()).toMatch(/go on with `labloop resume others-/);
      for (const name of ["doses", "others"]) {
        const resumed = await labloopIn(folder, "resume", name);
        expect(resumed.stderr).toContain("watchdog:");
        expect(resumed.status).toBe(0);
      }
      const verified = await labloopIn(folder, "verify");
      expect(verified.status).toBe(0);
      // One dose was cut; each campaign has two experiments.
      expect(bench.pump.doses()).toHaveLength(4);
    }));

  it("end in an orderly way without a process left, and the lab is parked by the second", () =>
    onBench({}, async (bench) => {
      writeOther(bench.folder);
      const running = begin(bench.folder, both);
      await dosing(bench, running);
      const watchdog = await watchdogOf(bench.folder);
      expect(await running.ended).toBe(0);
      expect(lives(watchdog)).toBe(false);
      expect(running.said()).not.toContain("watchdog");
      expect(bench.bath.twin.running).toBe(false);
      expect(bench.pump.doses()).toHaveLength(4);
    }));

  it("don't begin where one of them was begun before and isn't finished", () =>
    onBench({}, async (bench) => {
      writeOther(bench.folder);
      const running = begin(bench.folder, RUN);
      await dosing(bench, running);
      running.child.kill("SIGKILL");
      await running.ended;
      const again = begin(bench.folder, both);
      expect(await again.ended).toBe(2);
      expect(again.said()).toContain("[campaign.unfinished]");
      expect(again.said()).toContain("[campaign.not-together]");
      expect(bench.pump.doses()).toHaveLength(1);
    }));
});
