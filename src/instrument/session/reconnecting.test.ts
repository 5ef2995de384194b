import { describe, expect, it } from "vitest";
import { sleep } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import type { Connected } from "../contract/driver.ts";
import type { Instrument, Outcome } from "../contract/instrument.ts";
import { declare } from "../device/declare.ts";
import { reconnecting } from "./reconnecting.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const CALL = { action: "act", arguments: {}, key: "a" };
const LOST: Fault = { code: "instrument.line-lost", message: "the line is gone", advice: "look" };
const ABSENT: Fault = { code: "instrument.port-not-opened", message: "there is no port", advice: "look" };

const DECLARATION = declare({
  id: "acme/widget",
  title: "widget",
  manual: "none",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {},
  properties: {},
  actions: {},
  alarms: {},
});

/** An instrument whose line is lost when a fault is put on it. */
class Widget implements Instrument {
  readonly declaration = DECLARATION;
  readonly identity: Instrument["identity"];
  fault: Fault | undefined;
  calls = 0;
  closed = 0;

  constructor(serial: string) {
    this.identity = { model: "W", serial };
  }

  async perform(): Promise<Outcome> {
    this.calls += 1;
    if (this.fault !== undefined) return { kind: "failed", fault: this.fault, effect: "unknown" };
    return { kind: "done", readings: { calls: this.calls } };
  }

  async settle() {
    return { kind: "not done" as const };
  }

  async read() {
    return this.fault === undefined
      ? { kind: "value" as const, value: 1 }
      : { kind: "failed" as const, fault: this.fault };
  }

  estimate(): number {
    return 7;
  }

  async check() {
    return this.fault === undefined
      ? { kind: "ok" as const }
      : { kind: "failed" as const, fault: this.fault };
  }

  async makeSafe() {
    return this.fault === undefined
      ? { kind: "safe" as const, state: {} }
      : { kind: "unknown" as const, fault: this.fault };
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

/** An instrument that is connected, and what connecting it again gives, one after the other; the last for ever. */
function bench(...attempts: readonly (Connected | Promise<Connected>)[]) {
  const clock = new VirtualClock(0, turn);
  const first = new Widget("1");
  const notes: string[] = [];
  /** When it was tried, in ms. */
  const tried: number[] = [];
  const instrument = reconnecting({
    name: "widget",
    clock,
    first,
    connect: async () => {
      tried.push(clock.now());
      return attempts[Math.min(tried.length, attempts.length) - 1] as Connected;
    },
    note: (text) => notes.push(text),
  });
  return { clock, first, instrument, notes, tried };
}

const connected = (instrument: Instrument): Connected => ({ kind: "connected", instrument });
const absent: Connected = { kind: "failed", fault: ABSENT };

describe("an instrument whose line is lost", () => {
  it("fails the call under way, and carries out the next once it answers again", async () => {
    const second = new Widget("1");
    const { clock, first, instrument, notes, tried } = bench(absent, absent, connected(second));
    expect(await instrument.perform(CALL, never)).toMatchObject({ kind: "done" });
    first.fault = LOST;
    expect(await instrument.perform(CALL, never)).toEqual({ kind: "failed", fault: LOST, effect: "unknown" });
    expect(clock.now()).toBe(0);
    expect(await instrument.perform(CALL, never)).toEqual({ kind: "done", readings: { calls: 1 } });
    // Pauses of 0.5, 1 and 2 s.
    expect(tried).toEqual([500, 1500, 3500]);
    expect(clock.now()).toBe(3500);
    expect(first).toMatchObject({ calls: 2, closed: 1 });
    expect(notes).toEqual([
      "widget: the line is gone; it is connected again as soon as it answers",
      "widget: it answers again",
    ]);
  });

  it.each([
    [
      "read",
      (instrument: Instrument) => instrument.read?.("temperature", never),
      { kind: "value", value: 1 },
    ],
    ["check", (instrument: Instrument) => instrument.check(never), { kind: "ok" }],
    ["makeSafe", (instrument: Instrument) => instrument.makeSafe(never), { kind: "safe", state: {} }],
  ])("is missed by %s too, which waits the next time", async (_name, ask, well) => {
    const { clock, first, instrument } = bench(absent, connected(new Widget("1")));
    first.fault = LOST;
    expect(await ask(instrument)).toMatchObject({ fault: LOST });
    expect(await ask(instrument)).toEqual(well);
    expect(clock.now()).toBe(1500);
  });

  it("is asked what became of a call once it answers again", async () => {
    const { first, instrument, tried } = bench(absent, connected(new Widget("1")));
    first.fault = LOST;
    await instrument.perform(CALL, never);
    expect(await instrument.settle(CALL, never)).toEqual({ kind: "not done" });
    expect(tried).toEqual([500, 1500]);
  });

  it("is connected again when its broker was lost, and not when another client took its session over", async () => {
    for (const [code, attempts] of [
      ["instrument.broker-lost", 1],
      ["instrument.broker-taken-over", 0],
    ] as const) {
      const { clock, first, instrument, tried } = bench(connected(new Widget("1")));
      first.fault = { ...LOST, code };
      await instrument.perform(CALL, never);
      await sleep(clock, 60_000);
      expect(tried).toHaveLength(attempts);
    }
  });

  it("is not given up for another fault, nor connected again", async () => {
    const { clock, first, instrument, tried } = bench(absent);
    first.fault = { code: "instrument.no-answer", message: "nothing came", advice: "look" };
    await instrument.perform(CALL, never);
    await sleep(clock, 60_000);
    first.fault = undefined;
    expect(await instrument.perform(CALL, never)).toMatchObject({ kind: "done" });
    expect(tried).toEqual([]);
  });

  it("fails calls that have waited a minute with the last reason, and never tries less than every 30 s", async () => {
    const { clock, first, instrument, tried } = bench(absent);
    first.fault = LOST;
    await instrument.perform(CALL, never);
    expect(await instrument.perform(CALL, never)).toEqual({ kind: "failed", fault: ABSENT, effect: "none" });
    expect(clock.now()).toBe(60_000);
    expect(await instrument.settle(CALL, never)).toEqual({ kind: "unknown", why: ABSENT.message });
    expect(clock.now()).toBe(120_000);
    const pauses = tried.slice(1).map((at, i) => at - (tried[i] as number));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    await instrument.close();
  });

  it("fails a call that is interrupted while it waits", async () => {
    const { clock, first, instrument } = bench(absent);
    first.fault = LOST;
    await instrument.perform(CALL, never);
    const abort = new AbortController();
    const waiting = instrument.perform(CALL, abort.signal);
    clock.at(2000, () => abort.abort());
    expect(await waiting).toEqual({ kind: "failed", fault: ABSENT, effect: "none" });
    expect(clock.now()).toBe(2000);
    await instrument.close();
  });

  it("refuses another instrument in its place, and takes the right one later", async () => {
    const [other, same] = [new Widget("2"), new Widget("1")];
    const { clock, first, instrument, tried } = bench(connected(other), connected(other), connected(same));
    first.fault = LOST;
    await instrument.perform(CALL, never);
    const abort = new AbortController();
    clock.at(1000, () => abort.abort());
    expect(await instrument.perform(CALL, abort.signal)).toMatchObject({
      kind: "failed",
      fault: { code: "instrument.other-instrument" },
      effect: "none",
    });
    expect(await instrument.perform(CALL, never)).toMatchObject({ kind: "done" });
    expect(tried).toEqual([500, 1500, 3500]);
    expect(other).toMatchObject({ calls: 0, closed: 2 });
    expect(same).toMatchObject({ calls: 1, closed: 0 });
  });

  it("can be lost and found more than once", async () => {
    const [second, third] = [new Widget("1"), new Widget("1")];
    const { first, instrument, tried } = bench(connected(second), connected(third));
    first.fault = LOST;
    await instrument.perform(CALL, never);
    await instrument.perform(CALL, never);
    second.fault = LOST;
    expect(await instrument.perform(CALL, never)).toMatchObject({ fault: LOST });
    expect(await instrument.perform(CALL, never)).toMatchObject({ kind: "done" });
    expect(tried).toEqual([500, 1000]);
    await instrument.close();
    expect([first.closed, second.closed, third.closed]).toEqual([1, 1, 1]);
  });
});

describe("close", () => {
  it("ends the attempts, and whoever waits for them", async () => {
    const { clock, first, instrument, tried } = bench(absent);
    first.fault = LOST;
    await instrument.perform(CALL, never);
    const waiting = instrument.perform(CALL, never);
    await sleep(clock, 2000);
    await instrument.close();
    expect(await waiting).toEqual({ kind: "failed", fault: ABSENT, effect: "none" });
    expect(clock.now()).toBe(2000);
    await sleep(clock, 600_000);
    expect(tried).toEqual([500, 1500]);
  });

  it("closes an instrument that answers after all in that moment", async () => {
    const late = new Widget("1");
    let answer = (_connected: Connected): void => undefined;
    const attempt = new Promise<Connected>((resolve) => {
      answer = resolve;
    });
    const { clock, first, instrument, tried } = bench(attempt);
    first.fault = LOST;
    await instrument.perform(CALL, never);
    await sleep(clock, 1000);
    expect(tried).toEqual([500]);
    await instrument.close();
    answer(connected(late));
    await sleep(clock, 1000);
    expect(late).toMatchObject({ calls: 0, closed: 1 });
  });

  it("leaves no timer behind that keeps the process alive", async () => {
    const { clock, first, instrument } = bench(absent, connected(new Widget("1")));
    first.fault = LOST;
    await instrument.perform(CALL, never);
    await instrument.perform(CALL, never);
    await instrument.close();
    // A virtual clock stands still when nobody waits on it.
    for (let i = 0; i < 50; i++) await turn();
    expect(clock.now()).toBe(1500);
  });
});
