import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { sleep } from "../base/clock.ts";
import type { Instrument } from "../instrument/index.ts";
import { loadLab } from "./load-campaign.ts";
import { openSimulatedLab } from "./open-lab.ts";
import { virtualTime } from "./virtual-time.ts";

const never = new AbortController().signal;
const MINUTE = 60_000;

/** The pump "cyan" of the example's lab, in which something goes wrong. */
async function cyanOf(...faults: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "labloop-faults-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "lab.yaml");
  copyFileSync("examples/colour-match/lab.yaml", file);
  const list = faults.map((fault) => `    - { ${fault} }\n`).join("");
  writeFileSync(file, readFileSync(file, "utf8").replace("instruments:", `  faults:\n${list}\ninstruments:`));
  const loading = await loadLab(file);
  if (loading.kind === "faults") throw new Error(loading.faults[0]?.message);
  const { lab } = loading;
  const clock = virtualTime(lab.start);
  const notes: string[] = [];
  const opened = await openSimulatedLab({
    lab,
    roles: { cyan: "cyan" },
    clock,
    seed: 1,
    signal: never,
    note: (text) => notes.push(text),
  });
  if (opened.kind === "failed") throw new Error(opened.fault.message);
  const cyan = opened.instruments["cyan"] as Instrument;
  return {
    notes,
    /** Whether the pump answers at this many minutes after the start. */
    async answersAt(minutes: number): Promise<boolean> {
      await sleep(clock, Math.max(0, lab.start + minutes * MINUTE - clock.now()));
      return (await cyan.check(never)).kind === "ok";
    },
    close: opened.close,
    clock,
    start: lab.start,
  };
}

describe("a fault of a lab file", () => {
  it("lasts from its time of day for as long as it says", async () => {
    const { answersAt } = await cyanOf('at: "18:30", instrument: cyan, fault: silence, for: 5 min');
    expect(await answersAt(29)).toBe(true);
    expect(await answersAt(30.1)).toBe(false);
    expect(await answersAt(34)).toBe(false);
    expect(await answersAt(36)).toBe(true);
  });

  it("begins a time after the start, and lasts for ever without a duration", async () => {
    const { answersAt } = await cyanOf("at: 0.5 h, instrument: cyan, fault: deafness");
    expect(await answersAt(29)).toBe(true);
    expect(await answersAt(31)).toBe(false);
    expect(await answersAt(1000)).toBe(false);
  });

  it("of a time of day before the start is the next day's", async () => {
    const { answersAt } = await cyanOf('at: "02:10", instrument: cyan, fault: silence');
    expect(await answersAt(8 * 60)).toBe(true);
    expect(await answersAt(8 * 60 + 11)).toBe(false);
  });

  it("may have a date", async () => {
    const { answersAt } = await cyanOf("at: 2030-01-02 18:00, instrument: cyan, fault: silence");
    expect(await answersAt(24 * 60 - 1)).toBe(true);
    expect(await answersAt(24 * 60 + 1)).toBe(false);
  });

  it("of another instrument doesn't matter", async () => {
    const { answersAt } = await cyanOf("at: 1 min, instrument: magenta, fault: silence");
    expect(await answersAt(5)).toBe(true);
  });

  it("lies on the line together with others", async () => {
    const { answersAt } = await cyanOf(
      "at: 10 min, instrument: cyan, fault: silence, for: 5 min",
      "at: 20 min, instrument: cyan, fault: deafness, for: 5 min",
    );
    expect(await answersAt(11)).toBe(false);
    expect(await answersAt(16)).toBe(true);
    expect(await answersAt(21)).toBe(false);
    expect(await answersAt(26)).toBe(true);
  });

  it("of the power reaches the twin, whose driver then tells of it", async () => {
    const { answersAt, notes } = await cyanOf("at: 30 min, instrument: cyan, fault: power");
    const interrupted = (): number => notes.filter((note) => note.includes("power was interrupted")).length;
    expect(await answersAt(29)).toBe(true);
    expect(interrupted()).toBe(1);
    await answersAt(31);
    expect(interrupted()).toBe(2);
  });

  it("of the power that isn't due yet is forgotten when the lab is closed", async () => {
    const { clock, close, start } = await cyanOf("at: 3 h, instrument: cyan, fault: power");
    await close();
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now() - start).toBeLessThan(MINUTE);
  });
});
