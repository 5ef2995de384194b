import { describe, expect, it } from "vitest";
import { benchInstrument } from "../../../bench/loop/instant-lab.ts";
import { policyOf, raised, warm } from "../../../test/support/alarms.ts";
import type { Instrument, PropertyValue } from "../../instrument/index.ts";
import type { LoopEvent } from "../../loop/event.ts";
import type { LoopState } from "../../loop/loop.ts";
import { virtualTime } from "../virtual-time.ts";
import { stateOf } from "./alarm.ts";
import { AlarmKeeper } from "./alarm-keeper.ts";
import { type AlarmBook, beginAlarms, foldAlarms } from "./fold-alarms.ts";
import type { AlarmPolicy } from "./policy.ts";

const START = Date.UTC(2030, 0, 1, 18);
const SECOND = 1000;
const MINUTE = 60_000;

function state(mode: string, safety = "nominal"): LoopState {
  return { campaign: { value: { mode, safety }, context: {} }, experiments: {} } as unknown as LoopState;
}

/** A keeper beside a campaign that runs; what it tells comes back to it, as from a runtime. */
function rig(
  policy: AlarmPolicy,
  { book, standsStill = false }: { book?: AlarmBook; standsStill?: boolean } = {},
) {
  const clock = virtualTime(START);
  const told: (readonly [number, LoopEvent])[] = [];
  const bench = { shows: 20 as number | undefined, reads: 0, campaign: state("running") };
  const bath: Instrument = {
    ...benchInstrument(),
    read: async (): Promise<PropertyValue> => {
      bench.reads += 1;
      return bench.shows === undefined
        ? { kind: "failed", fault: { code: "instrument.no-answer", message: "" } }
        : { kind: "value", value: bench.shows };
    },
  };
  const keeper: AlarmKeeper = new AlarmKeeper({
    policy,
    instruments: { bath },
    clock,
    standsStill,
    ...(book && { book }),
    tell: (event) => {
      told.push([clock.now() - START, event]);
      hear(event);
    },
  });
  const hear = (event: LoopEvent): void => keeper.observe(event, bench.campaign, Math.floor(clock.now()));
  const become = (mode: string, safety?: string): void => {
    bench.campaign = state(mode, safety);
    hear({ type: "timer.elapsed", command: "1.1", experiment: 1 });
  };
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => clock.at(clock.now() + milliseconds, resolve));
  const kinds = (): string[] => told.map(([at, { type }]) => `${at / SECOND} s ${type}`);
  return { keeper, told, bench, hear, become, wait, kinds };
}

describe("an alarm over a reading", () => {
  it("is raised with what was read, and cleared with that, while the campaign is at work", async () => {
    const { keeper, told, bench, become, wait } = rig(policyOf([warm({ say: "look at the pump" })]));
    await wait(SECOND);
    expect(bench.reads).toBe(0);
    become("running");
    await wait(1.5 * SECOND);
    bench.shows = 91;
    await wait(SECOND);
    bench.shows = 80;
    await wait(SECOND);
    become("parking");
    const { reads } = bench;
    await wait(10 * SECOND);
    expect(bench.reads).toBe(reads);
    const reading = { name: "bath.temperature", unit: "degC" };
    expect(told).toEqual([
      [
        3 * SECOND,
        {
          type: "alarm.raised",
          alarm: "warm",
          source: "reading",
          priority: "medium",
          cause: "bath.temperature above 90 degC (bath.temperature 91 degC)",
          say: "look at the pump",
          readings: [{ ...reading, value: 91, at: START + 3 * SECOND }],
        },
      ],
      [
        4 * SECOND,
        {
          type: "alarm.cleared",
          alarm: "warm",
          readings: [{ ...reading, value: 80, at: START + 4 * SECOND }],
        },
      ],
    ]);
    expect(keeper.book["warm"]?.standing).toBe("returned");
  });

  it("is raised when nothing can be read, and isn't cleared by that", async () => {
    const { bench, become, wait, kinds } = rig(policyOf([warm()]));
    bench.shows = undefined;
    become("running");
    await wait(11.5 * SECOND);
    become("parking");
    become("running");
    await wait(5 * SECOND);
    become("parking");
    expect(kinds()).toEqual(["11 s alarm.raised"]);
  });

  it("out of service isn't read", async () => {
    const { bench, become, wait } = rig(policyOf([warm({ off: "at the maker's" })]));
    become("running");
    await wait(5 * SECOND);
    expect(bench.reads).toBe(0);
  });
});

describe("after a restart", () => {
  const policy = policyOf([warm()], { escalate: [{ after: 10 * MINUTE, to: "high" }] });
  const shelve: LoopEvent = {
    type: "person.requested",
    request: "shelve",
    by: "ada",
    alarm: "warm",
    for: 5 * MINUTE,
  };

  it("an alarm that stands isn't raised again, and is cleared when it is over", async () => {
    const book = foldAlarms(policy, beginAlarms(policy), raised("warm"), START);
    const { bench, become, wait, kinds } = rig(policy, { book });
    bench.shows = 95;
    become("running");
    await wait(2.5 * SECOND);
    bench.shows = 20;
    await wait(SECOND);
    become("parking");
    expect(kinds()).toEqual(["3 s alarm.cleared"]);
  });

  it("escalation counts from when the alarm was raised", async () => {
    const book = foldAlarms(policy, beginAlarms(policy), raised("warm"), START - 8 * MINUTE);
    const { keeper, bench, become, wait, kinds } = rig(policy, { book });
    bench.shows = 95;
    become("running");
    await wait(3 * MINUTE);
    keeper.stop();
    expect(kinds()).toEqual(["120 s alarm.escalated"]);
    expect(keeper.book["warm"]?.priority).toBe("high");
  });

  it("what was shelved returns at its time, at once if that is past", async () => {
    const raisedBook = foldAlarms(policy, beginAlarms(policy), raised("warm"), START - 9 * MINUTE);
    const late = rig(policy, { book: foldAlarms(policy, raisedBook, shelve, START - 8 * MINUTE) });
    late.bench.shows = 95;
    late.become("running");
    await late.wait(SECOND);
    late.keeper.stop();
    expect(late.kinds()).toEqual(["0 s alarm.unshelved"]);
    const inTime = rig(policy, { book: foldAlarms(policy, raisedBook, shelve, START - MINUTE) });
    inTime.bench.shows = 95;
    inTime.become("running");
    await inTime.wait(5 * MINUTE);
    inTime.keeper.stop();
    expect(inTime.kinds()).toEqual(["240 s alarm.unshelved"]);
    expect(stateOf(inTime.keeper.book["warm"] as NonNullable<AlarmBook[string]>)).toBe("unacknowledged");
  });
});

it("while virtual time stands still for a person, nothing is read and nothing escalates", async () => {
  const policy = policyOf([warm()], { escalate: [{ after: MINUTE }] });
  const { keeper, bench, become, wait, kinds } = rig(policy, { standsStill: true });
  bench.shows = 95;
  become("running");
  await wait(SECOND / 2);
  become("pausing", "tripped");
  await wait(5 * MINUTE);
  expect(kinds()).toEqual(["0 s alarm.raised"]);
  become("running");
  await wait(SECOND / 2);
  keeper.stop();
  expect(kinds()).toEqual(["0 s alarm.raised", "300.5 s alarm.escalated"]);
});
