import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { benchInstrument, instantCompute, NO_BELIEF } from "../../../bench/loop/instant-lab.ts";
import { oneParameterDefinition } from "../../../test/support/one-parameter.ts";
import { expression } from "../../../test/support/space.ts";
import { sleep } from "../../base/clock.ts";
import { unitOf } from "../../base/unit.ts";
import type { VirtualClock } from "../../base/virtual-clock.ts";
import { openSpanAt, WEEKDAYS, type Window } from "../../campaign/window/window.ts";
import type { Instrument, Outcome } from "../../instrument/contract/instrument.ts";
import type { WindowRules } from "../../loop/definition.ts";
import type { LoopEvent } from "../../loop/event.ts";
import { createLoop } from "../../loop/loop.ts";
import type { Effect, Instruction, Plan } from "../../loop/plan.ts";
import type { CampaignJournal } from "../../record/journal.ts";
import { EMPTY_HEAD, eventOf, type Head, type JournalEntry, link } from "../../record/journal-entry.ts";
import { Runtime } from "../runtime.ts";
import { virtualTime } from "../virtual-time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ONE = unitOf("1");
/** What an action may take at most. */
const WITHIN = 10 * MINUTE;
const PARK = 5 * MINUTE;

function action(name: string, effect: Effect, always = false): Instruction {
  const gives = name === "read" ? { as: "point", readings: { y: ONE } } : { readings: {} };
  return {
    kind: "action",
    always,
    step: { role: "rig", action: name, effect, within: WITHIN, arguments: {}, ...gives },
  };
}

/** At most 75 minutes. */
const PLAN: Plan = [
  action("dose", "once"),
  { kind: "wait", seconds: expression("45 * 60"), always: false },
  action("read", "read"),
  action("rinse", "once", true),
];

const LONGEST = 75 * MINUTE;

interface Given {
  readonly windows: readonly Window[];
  readonly start: number;
  readonly rules?: Partial<WindowRules>;
  /** Milliseconds that actions take, one after the other; those beyond their deadline hang until it. */
  readonly takes: readonly number[];
  readonly experiments?: number;
  /** Experiments that may be under way at a time. */
  readonly atOnce?: number;
}

interface Act {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Plays a campaign in virtual time; when the instrument was at work, and when it was told to be safe. */
async function play({ windows, start, rules = {}, takes, experiments = 3, atOnce = 1 }: Given) {
  const clock: VirtualClock = virtualTime(start);
  const acts: Act[] = [];
  const madeSafe: number[] = [];
  let nth = 0;
  const rig: Instrument = {
    ...benchInstrument(),
    perform: async ({ action: name }, signal): Promise<Outcome> => {
      const from = clock.now();
      const time = takes[nth++ % takes.length] ?? MINUTE;
      const late = await sleep(clock, time, signal).then(
        () => false,
        () => true,
      );
      acts.push({ name, from, to: clock.now() });
      const fault = { code: "instrument.aborted", message: "broken off" };
      if (late) return { kind: "failed", fault, effect: name === "read" ? "none" : "unknown" };
      return { kind: "done", readings: name === "read" ? { y: 1 } : {} };
    },
    makeSafe: async () => {
      madeSafe.push(clock.now());
      return { kind: "safe", state: {} };
    },
  };
  const usual = oneParameterDefinition(PLAN);
  const sharing = {
    atOnce,
    resources: [{ name: "rig", places: [1] }],
    instruments: { rig: "rig" },
    seed: 1,
  };
  const loop = createLoop({
    ...usual,
    experiment: { ...usual.experiment, ...(atOnce > 1 && { sharing }) },
    budget: { experiments, consumables: [] },
    failuresInARow: 99,
    doubts: { usual: "discard", byAction: {} },
    window: { cleanUp: WITHIN * atOnce, park: PARK, ...rules },
  });
  const entries: JournalEntry[] = [];
  let head: Head = EMPTY_HEAD;
  const journal: CampaignJournal = {
    key: "windows",
    head: () => head,
    append: (now, event, commands) => {
      const entry = link(head, now, event, commands);
      head = entry;
      entries.push(entry);
      return { entry, committed: Promise.resolve() };
    },
  };
  const runtime = new Runtime({
    loop,
    clock,
    journal,
    compute: instantCompute(),
    instruments: { rig },
    windows,
    from: { state: loop.begin(), belief: NO_BELIEF, observed: {} },
    ask: async () => "simulated",
    onEntry: () => undefined,
  });
  runtime.dispatch({ type: "campaign.started", name: "windows", seed: 1, mode: "virtual", files: {} });
  const end = await runtime.ended;
  if (end.kind === "broken") throw new Error(end.fault.message);
  const events: LoopEvent[] = entries.map(eventOf);
  return { acts, madeSafe, events, reason: end.event.reason, now: clock.now() };
}

const night: Window = {
  zone: "Europe/Berlin",
  from: 19 * HOUR,
  to: 22 * HOUR,
  days: new Set(WEEKDAYS),
  closed: [],
};

describe("a campaign with a window", () => {
  it("waits for it, begins only what surely ends in it, parks in between, and goes on in the next", async () => {
    const start = Date.UTC(2027, 0, 5, 12);
    const { acts, events, madeSafe, reason } = await play({ windows: [night], start, takes: [5 * MINUTE] });
    expect(reason).toBe("budget of experiments used");
    // 18:00 UTC: one takes an hour, a third would have ended too late.
    const begun = acts.filter(({ name }) => name === "dose").map(({ from }) => new Date(from).toISOString());
    expect(begun).toEqual([
      "2027-01-05T18:00:00.000Z",
      "2027-01-05T19:00:00.000Z",
      "2027-01-06T18:00:00.000Z",
    ]);
    expect(madeSafe.map((at) => new Date(at).toISOString())).toEqual([
      "2027-01-05T20:00:00.000Z",
      "2027-01-06T19:00:00.000Z",
    ]);
    expect(events.filter(({ type }) => type === "window.opened")).toHaveLength(2);
    expect(events.filter(({ type }) => type === "instruments.rested")).toHaveLength(1);
  });

  it("discards what was begun too late by the file's own word, cleans up after it, and is parked by the end", async () => {
    const start = Date.UTC(2027, 0, 5, 12);
    const { acts, events, madeSafe } = await play({
      windows: [night],
      start,
      rules: { lastStart: 10 * MINUTE },
      takes: [9 * MINUTE],
      experiments: 4,
    });
    const discarded = events.filter(
      (event) => event.type === "timer.elapsed" || event.type === "action.failed",
    );
    expect(discarded.length).toBeGreaterThan(0);
    const end = Date.UTC(2027, 0, 5, 21);
    expect(acts.filter(({ to }) => to > end - PARK && to < end + HOUR)).toEqual([]);
    expect(madeSafe[0]).toBeLessThanOrEqual(end - PARK);
    expect(events.at(-1)).toMatchObject({ type: "campaign.concluded", experiments: 4 });
  });

  it("ends where no window is left", async () => {
    const start = Date.UTC(2027, 0, 5, 12);
    const closed = [{ from: Date.UTC(2027, 0, 6), to: Date.UTC(2030, 0, 1) }];
    const { reason, acts } = await play({
      windows: [{ ...night, closed }],
      start,
      takes: [MINUTE],
      experiments: 9,
    });
    expect(reason).toBe("no window left");
    expect(acts.filter(({ name }) => name === "dose").length).toBeGreaterThan(1);
  });
});

const windows = fc.record({
  zone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
  from: fc.integer({ min: 0, max: 23 }).map((hour) => hour * HOUR),
  length: fc.integer({ min: 9, max: 40 }).map((quarters) => (quarters * HOUR) / 4),
  days: fc.subarray([...WEEKDAYS], { minLength: 2 }).map((days) => new Set(days)),
  closed: fc
    .array(fc.integer({ min: 1, max: 300 }), { maxLength: 3 })
    .map((hours) => hours.map((hour, i) => ({ hour: hour + i * 301, length: 7 + i }))),
});

describe("whatever the calendar, the zone, the clocks' change and the faults", () => {
  prop.prop(
    [
      fc.array(windows, { minLength: 1, maxLength: 2 }),
      // Around the days on which clocks change, and others.
      fc.constantFrom(
        Date.UTC(2027, 2, 26),
        Date.UTC(2027, 9, 29),
        Date.UTC(2027, 2, 12),
        Date.UTC(2027, 6, 1),
      ),
      fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 9 }),
      fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
      fc.constantFrom(1, 3),
    ],
    { numRuns: 400 },
  )(
    "no action is outside its window, and everything is parked by its end",
    async (drawn, start, minutes, last, atOnce) => {
      const all = drawn.map(
        ({ zone, from, length, days, closed }): Window => ({
          zone,
          from,
          to: (from + length) % (24 * HOUR),
          days,
          closed: closed.map(({ hour, length: hours }) => {
            return { from: start + hour * HOUR, to: start + (hour + hours) * HOUR };
          }),
        }),
      );
      const { acts, madeSafe, events } = await play({
        windows: all,
        start,
        takes: minutes.map((each) => each * MINUTE),
        ...(last !== undefined && { rules: { lastStart: last * MINUTE } }),
        experiments: 6,
        atOnce,
      });
      for (const { from, to } of acts) {
        const span = openSpanAt(all, from);
        expect(span).toBeDefined();
        expect(to).toBeLessThanOrEqual((span?.to ?? 0) - PARK);
        // By the end of the window in which it happened, the instrument was told to be safe.
        expect(madeSafe.some((at) => at >= to && at <= (span?.to ?? 0) - PARK)).toBe(true);
      }
      expect(events.at(-1)?.type).toBe("campaign.concluded");
      if (last === undefined)
        for (const { from } of acts.filter(({ name }) => name === "dose"))
          expect((openSpanAt(all, from)?.to ?? 0) - from).toBeGreaterThanOrEqual(LONGEST + PARK);
    },
  );
});
