import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { policyOf, raised, warm } from "../../../test/support/alarms.ts";
import type { AlarmPriority, LoopEvent, PersonRequest } from "../../loop/event.ts";
import { isStanding, PRIORITIES, stateOf } from "./alarm.ts";
import { dueOf } from "./due.ts";
import { type AlarmBook, beginAlarms, foldAlarms } from "./fold-alarms.ts";
import type { AlarmPolicy } from "./policy.ts";

const MINUTE = 60_000;
const policy = policyOf(
  [warm(), warm({ name: "warmer", unless: ["hot"] }), warm({ name: "broken", off: "at the maker's" })],
  {
    escalate: [
      { after: 10 * MINUTE, of: ["medium"], to: "high" },
      { after: 30 * MINUTE, to: "critical" },
    ],
  },
);

function asks(request: PersonRequest["request"], more: Partial<PersonRequest> = {}): LoopEvent {
  return { type: "person.requested", request, by: "ada", ...more };
}

const trip: LoopEvent = {
  type: "interlock.tripped",
  interlock: "hot",
  condition: "above 100 degC",
  readings: [{ name: "bath.temperature", value: 101, unit: "degC", at: 0 }],
  then: "pause",
  fault: { code: "lab.interlock-tripped", message: "too hot", advice: "look" },
};

const failed = (effect: "none" | "unknown", code = "instrument.no-answer"): LoopEvent => ({
  type: "action.failed",
  command: "1.1",
  experiment: 1,
  instrument: "pump",
  action: "dispense",
  arguments: {},
  fault: { code, message: "it is stuck", advice: "free it" },
  effect,
});

/** The alarms after events, one a minute from 0. */
function after(events: readonly LoopEvent[], by: AlarmPolicy = policy): AlarmBook {
  return events.reduce((book, event, i) => foldAlarms(by, book, event, i * MINUTE), beginAlarms(by));
}

function states(book: AlarmBook): Record<string, string> {
  return Object.fromEntries(Object.entries(book).map(([name, alarm]) => [name, stateOf(alarm)]));
}

describe("the alarms of a lab", () => {
  it("are those of its file before anything happened, all normal or out of service", () => {
    expect(states(after([]))).toEqual({ warm: "normal", warmer: "normal", broken: "out of service" });
  });

  it("keep the very same book when an event is none of theirs", () => {
    const book = after([raised("warm")]);
    const event: LoopEvent = { type: "timer.elapsed", command: "1.1", experiment: 1 };
    expect(foldAlarms(policy, book, event, 0)).toBe(book);
    expect(foldAlarms(policy, book, asks("acknowledge-alarm", { alarm: "cold" }), 0)).toBe(book);
    expect(foldAlarms(policy, book, asks("unshelve", { alarm: "warm" }), 0)).toBe(book);
    expect(foldAlarms(policy, book, asks("acknowledge"), 0)).toBe(book);
  });

  it("come from trips, which are latched until the trip is acknowledged", () => {
    expect(after([trip])["hot"]).toMatchObject({
      standing: "unacknowledged",
      priority: "high",
      cause: "too hot",
      say: "look",
    });
    expect(states(after([trip, asks("acknowledge-alarm", { alarm: "hot" })]))["hot"]).toBe("latched");
    expect(
      states(after([trip, asks("acknowledge-alarm", { alarm: "all" }), asks("acknowledge")]))["hot"],
    ).toBe("normal");
    expect(states(after([trip, asks("acknowledge")]))["hot"]).toBe("normal");
  });

  it("come from halts, failures, doubts, what is not safe and the watchdog", () => {
    const book = after([
      failed("none"),
      failed("unknown"),
      {
        type: "instruments.parked",
        command: "park",
        states: {},
        unknown: [{ code: "x", message: "no answer" }],
      },
      { type: "watchdog.fired", at: 0, why: "stalled", states: {}, unknown: [] },
      asks("halt", { why: "smoke" }),
    ]);
    expect(
      Object.values(book)
        .filter(isStanding)
        .map(({ name, priority }) => `${name} ${priority}`),
    ).toEqual(["pump.dispense high", "parking critical", "watchdog critical", "halt critical"]);
    expect(book["halt"]?.cause).toBe("halted by ada: smoke");
    expect(book["pump.dispense"]).toMatchObject({ source: "doubt", times: 2 });
    expect(after([failed("none", "instrument.alarm")])["pump.dispense"]).toMatchObject({
      source: "instrument",
      priority: "high",
    });
  });

  it("don't come from failures of which it was decided already what becomes", () => {
    const decided = { ...failed("none"), discardedBy: "a person" } as LoopEvent;
    expect(states(after([decided]))["pump.dispense"]).toBeUndefined();
  });

  it("are suppressed while one stands that says more, and are back when it doesn't", () => {
    expect(states(after([raised("warmer"), trip]))["warmer"]).toBe("suppressed");
    expect(states(after([trip, raised("warmer")]))["warmer"]).toBe("suppressed");
    expect(states(after([trip, asks("acknowledge"), raised("warmer")]))["warmer"]).toBe("unacknowledged");
    expect(states(after([trip, failed("none")]))["pump.dispense"]).toBe("suppressed");
    expect(states(after([failed("none"), trip]))["pump.dispense"]).toBe("unacknowledged");
  });

  it("that a trip suppressed are seen with it", () => {
    const book = after([raised("warmer"), trip, failed("none"), asks("acknowledge")]);
    expect(states(book)).toMatchObject({ warmer: "acknowledged", "pump.dispense": "normal", hot: "normal" });
  });

  it("are shelved for as long as the lab allows, unless they are critical or hold the lab", () => {
    const shelve = (alarm: string, time = MINUTE) => asks("shelve", { alarm, for: time, why: "calibrated" });
    expect(after([raised("warm"), shelve("warm")])["warm"]?.shelf).toEqual({
      until: 2 * MINUTE,
      by: "ada",
      why: "calibrated",
    });
    expect(states(after([shelve("warm"), raised("warm")]))["warm"]).toBe("shelved");
    expect(states(after([raised("warm"), shelve("warm", 9 * 60 * MINUTE)]))["warm"]).toBe("unacknowledged");
    expect(states(after([raised("warm"), shelve("warm", -1)]))["warm"]).toBe("unacknowledged");
    expect(states(after([raised("warm", { priority: "critical" }), shelve("warm")]))["warm"]).toBe(
      "unacknowledged",
    );
    expect(states(after([trip, shelve("hot")]))["hot"]).toBe("unacknowledged");
    expect(states(after([shelve("warm"), raised("warm", { priority: "critical" })]))["warm"]).toBe(
      "unacknowledged",
    );
    expect(states(after([raised("warm"), shelve("warm"), asks("unshelve", { alarm: "warm" })]))["warm"]).toBe(
      "unacknowledged",
    );
  });

  it("that were acknowledged before they were shelved want it anew", () => {
    const seen = asks("acknowledge-alarm", { alarm: "warm" });
    const events = [
      raised("warm"),
      seen,
      asks("shelve", { alarm: "warm", for: MINUTE }),
      { type: "alarm.unshelved", alarm: "warm" },
    ] as const;
    expect(states(after(events))["warm"]).toBe("unacknowledged");
  });

  it("of readings and questions end with the campaign, unseen ones as returned", () => {
    const end: LoopEvent = {
      type: "campaign.concluded",
      command: "conclude",
      reason: "goal reached",
      experiments: 1,
    };
    const seen = asks("acknowledge-alarm", { alarm: "warm" });
    expect(states(after([raised("warm"), end]))["warm"]).toBe("returned");
    expect(states(after([raised("warm"), seen, end]))["warm"]).toBe("normal");
  });

  it("are asked for again after a restart where they are questions", () => {
    const resumed: LoopEvent = { type: "campaign.resumed", by: "ada", inDoubt: [] };
    const book = after([raised("question.1", { source: "question" }), raised("warm"), resumed]);
    expect(states(book)).toMatchObject({ "question.1": "returned", warm: "unacknowledged" });
  });
});

describe("what time does to alarms", () => {
  it("is escalation by the rules that are about them, each once", () => {
    const book = after([raised("warm")]);
    expect(dueOf(policy, book).map(({ at, event }) => [at / MINUTE, event])).toEqual([
      [10, { type: "alarm.escalated", alarm: "warm", rule: 0, priority: "high" }],
      [30, { type: "alarm.escalated", alarm: "warm", rule: 1, priority: "critical" }],
    ]);
    const [first] = dueOf(policy, book);
    const later = foldAlarms(policy, book, first?.event as LoopEvent, 10 * MINUTE);
    expect(later["warm"]).toMatchObject({ priority: "high", usual: "medium" });
    expect(dueOf(policy, later).map(({ at }) => at / MINUTE)).toEqual([30]);
  });

  it("is nothing once an alarm is acknowledged, or over", () => {
    expect(
      dueOf(policy, after([raised("warm"), { type: "alarm.cleared", alarm: "warm", readings: [] }])),
    ).toEqual([]);
    expect(dueOf(policy, after([raised("warm"), asks("acknowledge-alarm", { alarm: "warm" })]))).toEqual([]);
  });

  it("is the end of its shelf alone while it is shelved", () => {
    const book = after([raised("warm"), asks("shelve", { alarm: "warm", for: 20 * MINUTE })]);
    expect(dueOf(policy, book)).toEqual([
      { at: 21 * MINUTE, event: { type: "alarm.unshelved", alarm: "warm" } },
    ]);
  });
});

const anyName = fc.constantFrom("warm", "warmer", "hot", "finding.slow", "all");
const anyPriority = fc.constantFrom<AlarmPriority[]>(...PRIORITIES);
const anyEvent: fc.Arbitrary<LoopEvent> = fc.oneof(
  fc
    .record({ alarm: fc.constantFrom("warm", "warmer"), priority: anyPriority })
    .map(({ alarm, priority }) => raised(alarm, { priority })),
  anyPriority.map((priority) => raised("finding.slow", { priority, source: "finding" })),
  anyName.map((alarm): LoopEvent => ({ type: "alarm.cleared", alarm, readings: [] })),
  anyName.map((alarm) => asks("acknowledge-alarm", { alarm })),
  fc
    .record({ alarm: anyName, for: fc.integer({ min: 1, max: 600 }) })
    .map(({ alarm, for: minutes }) => asks("shelve", { alarm, for: minutes * MINUTE })),
  anyName.map((alarm) => asks("unshelve", { alarm })),
  fc.constant(asks("acknowledge")),
  fc.constant(trip),
  fc.constantFrom("none", "unknown").map((effect) => failed(effect)),
);
const anyCourse = fc.array(fc.record({ event: anyEvent, minutes: fc.integer({ min: 0, max: 40 }) }), {
  maxLength: 60,
});

/** Every book of a course of events, in which what is due happens in between. */
function books(course: readonly { readonly event: LoopEvent; readonly minutes: number }[]): AlarmBook[] {
  let now = 0;
  let book = beginAlarms(policy);
  const all = [book];
  const take = (event: LoopEvent, at: number): void => {
    book = foldAlarms(policy, book, event, at);
    all.push(book);
  };
  for (const { event, minutes } of course) {
    now += minutes * MINUTE;
    for (let [due] = dueOf(policy, book); due !== undefined && due.at <= now; [due] = dueOf(policy, book))
      take(due.event, due.at);
    take(event, now);
  }
  for (let [due] = dueOf(policy, book); due !== undefined; [due] = dueOf(policy, book))
    take(due.event, due.at);
  return all;
}

describe("after whatever happened", () => {
  prop.prop([anyCourse])("a critical alarm that nobody acknowledged is shown", (course) => {
    for (const book of books(course))
      for (const alarm of Object.values(book)) {
        const wantsIt = alarm.standing === "unacknowledged" || alarm.standing === "returned";
        if (alarm.priority === "critical" && wantsIt) expect(isStanding(alarm)).toBe(true);
      }
  });

  prop.prop([anyCourse])("what is shelved returns, in time", (course) => {
    const all = books(course);
    for (const alarm of Object.values(all.at(-1) as AlarmBook)) expect(alarm.shelf).toBeUndefined();
    for (const book of all)
      for (const { shelf } of Object.values(book))
        if (shelf !== undefined) expect(dueOf(policy, book).map(({ at }) => at)).toContain(shelf.until);
  });

  prop.prop([anyCourse])("what stands has a cause", (course) => {
    for (const book of books(course))
      for (const alarm of Object.values(book)) if (isStanding(alarm)) expect(alarm.cause).not.toBe("");
  });

  prop.prop([anyCourse])("no priority lies below the one it was raised with", (course) => {
    for (const book of books(course))
      for (const { priority, usual } of Object.values(book))
        expect(PRIORITIES.indexOf(priority)).toBeGreaterThanOrEqual(PRIORITIES.indexOf(usual));
  });
});
