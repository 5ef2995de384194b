import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { sleep } from "../base/clock.ts";
import type { Call, Instrument } from "../instrument/index.ts";
import { type LabLoading, loadLab } from "./load-campaign.ts";
import { openSimulatedLab } from "./open-lab.ts";
import { virtualTime } from "./virtual-time.ts";

const never = new AbortController().signal;
const MINUTE = 60_000;

const EXAMPLE = readFileSync("examples/colour-match/lab.yaml", "utf8");
const BENCH = `labloop: 1
name: bench
simulation:
instruments:
  bath: { driver: julabo/circulator }
  balance: { driver: mettler-toledo/mt-sics }
  meter: { driver: keysight/34461a }
`;

/** A lab file with faults, read. */
async function labWith(text: string, faults: readonly string[]): Promise<LabLoading> {
  const folder = mkdtempSync(join(tmpdir(), "labloop-faults-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "lab.yaml");
  const list = faults.map((fault) => `    - { ${fault} }\n`).join("");
  writeFileSync(file, text.replace("instruments:", `  faults:\n${list}\ninstruments:`));
  return loadLab(file);
}

interface Rehearsed {
  readonly lab: string;
  readonly name: string;
  /** Milliseconds since 1970 at which the lab is opened; the lab's start when absent. */
  readonly opened?: number;
  /** When the campaign began, when that was earlier. */
  readonly begin?: number;
}

/** An instrument in whose simulated lab something goes wrong. */
async function rehearsed({ lab: text, name, opened: at, begin }: Rehearsed, ...faults: readonly string[]) {
  const loading = await labWith(text, faults);
  if (loading.kind === "faults") throw new Error(loading.faults[0]?.message);
  const { lab } = loading;
  const start = at ?? lab.start;
  const clock = virtualTime(start);
  const notes: string[] = [];
  const opened = await openSimulatedLab({
    lab,
    roles: { [name]: name },
    clock,
    seed: 1,
    signal: never,
    note: (text) => notes.push(text),
    ...(begin === undefined ? {} : { begin }),
  });
  if (opened.kind === "failed") throw new Error(opened.fault.message);
  const instrument = opened.instruments[name] as Instrument;
  const wait = (minutes: number): Promise<void> =>
    sleep(clock, Math.max(0, start + minutes * MINUTE - clock.now()));
  const perform = (action: string, given: Call["arguments"] = {}) =>
    instrument.perform({ action, arguments: given, key: `${action} ${clock.now()}` }, never);
  return {
    notes,
    instrument,
    perform,
    /** Whether it answers at this many minutes after the start. */
    async answersAt(minutes: number): Promise<boolean> {
      await wait(minutes);
      return (await instrument.check(never)).kind === "ok";
    },
    /** What it reads at this many minutes after the start. */
    async readsAt(minutes: number, property: string): Promise<number> {
      await wait(minutes);
      const read = await instrument.read?.(property, never);
      if (read?.kind !== "value") throw new Error(read?.fault.message);
      return read.value;
    },
    close: opened.close,
    clock,
    start,
  };
}

const cyanOf = (...faults: readonly string[]) => rehearsed({ lab: EXAMPLE, name: "cyan" }, ...faults);
const bathOf = (...faults: readonly string[]) => rehearsed({ lab: BENCH, name: "bath" }, ...faults);

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

describe("a fault of the instrument itself", () => {
  it("lets a reading drift by so much in an hour, and then not", async () => {
    const { readsAt } = await bathOf(
      "at: 60 min, instrument: bath, fault: drift, property: temperature, per-hour: 3 K, for: 2 h",
    );
    expect(await readsAt(59, "temperature")).toBe(22);
    expect(await readsAt(90, "temperature")).toBeCloseTo(23.5, 2);
    expect(await readsAt(179, "temperature")).toBeCloseTo(27.95, 2);
    expect(await readsAt(181, "temperature")).toBe(22);
  });

  it("lets a reading drift in its own unit, whichever the lab file has", async () => {
    const balance = { lab: BENCH, name: "balance" };
    const { readsAt } = await rehearsed(
      balance,
      "at: 0 s, instrument: balance, fault: drift, property: weight, per-hour: 500 mg",
    );
    expect(await readsAt(120, "weight")).toBeCloseTo(1, 2);
  });

  it("lets a reading stick at what was shown last", async () => {
    const { readsAt, perform } = await bathOf(
      "at: 60 min, instrument: bath, fault: stick, property: temperature, for: 60 min",
    );
    expect(await readsAt(59, "temperature")).toBe(22);
    await perform("set-setpoint", { setpoint: 30 });
    await perform("start");
    expect(await readsAt(90, "temperature")).toBe(22);
    expect(await readsAt(121, "temperature")).toBeCloseTo(30, 1);
  });

  it("lets it overheat whatever it is set to, until that ends", async () => {
    const { readsAt, perform } = await bathOf(
      "at: 10 min, instrument: bath, fault: overheat, per-hour: 60 K, for: 30 min",
    );
    await perform("start");
    expect(await readsAt(9, "temperature")).toBeCloseTo(25, 1);
    expect(await readsAt(20, "temperature")).toBeCloseTo(25 + 10, 0);
    await perform("set-setpoint", { setpoint: 20 });
    expect(await readsAt(30, "temperature")).toBeCloseTo(25 + 20, 0);
    expect(await readsAt(50, "temperature")).toBeCloseTo(20, 1);
  });

  it("lets a pump move a volume twice, which its driver finds out", async () => {
    const { perform } = await cyanOf("at: 0 s, instrument: cyan, fault: twice");
    const outcome = await perform("dispense", { volume: 100 });
    expect(outcome).toMatchObject({ kind: "failed", effect: "unknown" });
    expect(outcome.kind === "failed" && outcome.fault.message).toMatch(
      /more than it was told; 200 .* of 100/,
    );
  });

  it("takes its power for a while: it is silent, and then in the state of being switched on", async () => {
    const { answersAt, readsAt, perform } = await bathOf(
      "at: 30 min, instrument: bath, fault: power, for: 5 min",
    );
    await perform("set-setpoint", { setpoint: 40 });
    await perform("start");
    expect(await readsAt(29, "temperature")).toBeCloseTo(40, 1);
    expect(await answersAt(31)).toBe(false);
    expect(await readsAt(36, "power")).toBe(0);
    expect(await readsAt(120, "temperature")).toBeLessThan(25);
  });

  it("takes the connection with the power where there is one, and it returns", async () => {
    const meter = { lab: BENCH, name: "meter" };
    const { answersAt, perform, notes } = await rehearsed(
      meter,
      "at: 30 min, instrument: meter, fault: power, for: 5 min",
    );
    expect(await answersAt(29)).toBe(true);
    expect(await answersAt(30.5)).toBe(false);
    expect(await answersAt(36)).toBe(true);
    expect((await perform("measure", { what: "voltage" })).kind).toBe("done");
    expect(notes.filter((note) => note.includes("it answers again"))).toHaveLength(1);
  });

  it("lets a line that was lost return", async () => {
    const { answersAt } = await bathOf("at: 10 min, instrument: bath, fault: disconnect, for: 5 min");
    expect(await answersAt(11)).toBe(false);
    expect(await answersAt(16)).toBe(true);
  });

  it("cuts a line after so many bytes of an answer, and it returns", async () => {
    const cut = "at: 10 min, instrument: bath, fault: cut, for: 5 min";
    const { answersAt } = await bathOf(`${cut}, byte: 2`);
    expect(await answersAt(9)).toBe(true);
    expect(await answersAt(11)).toBe(false);
    expect(await answersAt(16)).toBe(true);
    // Its answers to two looks have fewer bytes.
    const late = await bathOf(`${cut}, byte: 60`);
    expect(await late.answersAt(11)).toBe(true);
    expect(await late.answersAt(12)).toBe(true);
    expect(await late.answersAt(13)).toBe(true);
    expect(await late.answersAt(13.5)).toBe(false);
  });

  it("gives every request the answer to the one before, which no reading takes for its own", async () => {
    const { instrument, perform, clock, start } = await bathOf(
      "at: 10 min, instrument: bath, fault: stale, for: 5 min",
    );
    await perform("set-setpoint", { setpoint: 40 });
    await sleep(clock, start + 11 * MINUTE - clock.now());
    expect(await instrument.check(never)).not.toMatchObject({ kind: "ok" });
    await sleep(clock, start + 16 * MINUTE - clock.now());
    expect(await instrument.read?.("setpoint", never)).toEqual({ kind: "value", value: 40 });
  });

  it("spoils the checksums of a controller, whose answers then count for none", async () => {
    const lab = BENCH.replace(
      "bath: { driver: julabo/circulator",
      "oven: { driver: eurotherm/3216, settings: { decimals: 1 }",
    );
    const { answersAt } = await rehearsed(
      { lab, name: "oven" },
      "at: 10 min, instrument: oven, fault: checksum, for: 5 min",
    );
    expect(await answersAt(9)).toBe(true);
    expect(await answersAt(11)).toBe(false);
    expect(await answersAt(16)).toBe(true);
  });

  it("reaches an instrument at a broker", async () => {
    const { answersAt } = await rehearsed(
      { lab: EXAMPLE, name: "sensor" },
      "at: 10 min, instrument: sensor, fault: silence, for: 10 min",
    );
    expect(await answersAt(9)).toBe(true);
    expect(await answersAt(11)).toBe(false);
    expect(await answersAt(21)).toBe(true);
  });
});

describe("a fault in real time", () => {
  const NOON = Date.UTC(2026, 0, 15, 12);
  const silence = 'at: "18:30", instrument: bath, fault: silence, for: 5 min';

  it("counts from the moment at which the run begins, which stands for the simulation's start", async () => {
    const { answersAt } = await rehearsed({ lab: BENCH, name: "bath", opened: NOON }, silence);
    expect(await answersAt(29)).toBe(true);
    expect(await answersAt(31)).toBe(false);
    expect(await answersAt(36)).toBe(true);
  });

  it("isn't repeated by a run that goes on", async () => {
    const begin = NOON - 20 * MINUTE;
    const { answersAt } = await rehearsed({ lab: BENCH, name: "bath", opened: NOON, begin }, silence);
    expect(await answersAt(9)).toBe(true);
    expect(await answersAt(11)).toBe(false);
    expect(await answersAt(31)).toBe(true);
  });
});

describe("a fault that can't be", () => {
  it.each([
    [
      "at: 1 h, instrument: balance, fault: overheat",
      'the fault "overheat" can\'t happen to balance',
      "what can: silence, ",
    ],
    [
      "at: 1 h, instrument: balance, fault: reorder",
      'the fault "reorder" can\'t happen to balance',
      "power, twice, drift, stick",
    ],
    [
      "at: 1 h, instrument: bath, fault: drift, property: temprature, per-hour: 1 K",
      'bath has no "temprature" that could drift',
      'did you mean "temperature"?',
    ],
    [
      "at: 1 h, instrument: bath, fault: stick, property: setpoint",
      'bath has no "setpoint" that could stick',
      "what can: temperature",
    ],
    ["at: 1 h, instrument: bath, fault: stick", '"property" is missing', "what can: temperature"],
    [
      "at: 1 h, instrument: bath, fault: drift, property: temperature",
      '"per-hour" is missing',
      "`per-hour: 0.5 degC`",
    ],
    [
      "at: 1 h, instrument: bath, fault: drift, property: temperature, per-hour: 1 mL",
      '"1 mL" is no change in degC',
      "write a number and degC",
    ],
    ["at: 1 h, instrument: bath, fault: overheat, per-hour: -3 K", "by -3 K nothing overheats", '"300 K"'],
    [
      "at: 1 h, instrument: bath, fault: silence, property: temperature",
      'the fault "silence" has no "property"',
      "take it out",
    ],
    [
      "at: 1 h, instrument: bath, fault: silence, byte: 3",
      'the fault "silence" has no "byte"',
      "take it out",
    ],
    [
      "at: 1 h, instrument: bath, fault: stick, property: temperature, byte: 3",
      'the fault "stick" has no "byte"',
      "take it out",
    ],
    [
      "at: 1 h, instrument: bath, fault: checksum",
      'the fault "checksum" can\'t happen to bath',
      "what can: silence, ",
    ],
    ["at: 1 h, instrument: bahth, fault: silence", 'there is no instrument "bahth"', 'did you mean "bath"?'],
    [
      "at: -1 h, instrument: bath, fault: silence",
      '"-1 h" lies before the start',
      "write a time after the start",
    ],
    [
      "at: 2029-12-31 18:00, instrument: bath, fault: silence",
      '"2029-12-31 18:00" lies before the start',
      "write a time after the start",
    ],
    ["at: 1 h, instrument: bath, fault: silence, for: -5 min", '"-5 min" is no time that passes', '"5 min"'],
  ])("is told with its place: %s", async (fault, message, advice) => {
    const loading = await labWith(BENCH, [fault]);
    expect(loading).toMatchObject({
      kind: "faults",
      faults: [
        {
          message: expect.stringContaining(message),
          advice: expect.stringContaining(advice),
          place: { line: 5, file: expect.stringMatching(/lab\.yaml$/) },
        },
      ],
    });
  });
});
