import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { oneParameterDefinition } from "../../test/support/one-parameter.ts";
import type { Expression } from "../base/expression/expression.ts";
import { parseExpression } from "../base/expression/parse.ts";
import { unitOf } from "../base/unit.ts";
import type { Command } from "./command.ts";
import type { LoopDefinition } from "./definition.ts";
import type { LoopEvent, PersonRequest, RequestKind, TripAction } from "./event.ts";
import { createLoop, type Loop, type LoopState, type Stepped } from "./loop.ts";
import { measure } from "./measure.ts";
import type { Instruction, Plan } from "./plan.ts";

function expression(text: string): Expression {
  const parsed = parseExpression(text);
  if (parsed.kind === "problem") throw new Error(parsed.message);
  return parsed.expression;
}

const ONE = unitOf("1");

function action(name: string, effect: "once" | "read", always = false): Instruction {
  const given =
    effect === "once" ? { x: { kind: "number", expression: expression("x"), unit: ONE } as const } : {};
  const read = effect === "read" ? { as: "point", readings: { y: ONE } } : { readings: {} };
  return {
    kind: "action",
    always,
    step: { role: "rig", action: name, effect, within: 1000, arguments: given, ...read },
  };
}

/** Doses, waits, reads twice and rinses, whatever happened. */
const PLAN: Plan = [
  action("dose", "once"),
  { kind: "wait", seconds: expression("2"), always: false },
  action("read", "read"),
  action("read", "read"),
  { kind: "note", text: "empty the tray", confirm: true, always: false },
  action("rinse", "once", true),
  { kind: "end" },
];

/** A campaign that takes y up to 100 for possible. */
function definition(changes: Partial<LoopDefinition> = {}): LoopDefinition {
  const usual = oneParameterDefinition(PLAN);
  return {
    ...usual,
    measurements: usual.measurements.map((each) => ({ ...each, maximum: 100 })),
    ...changes,
  };
}

const START: LoopEvent = { type: "campaign.started", name: "test", seed: 1, mode: "virtual", files: {} };
const fault = { code: "instrument.alarm", message: "stalled" };

function trip(then: TripAction): LoopEvent {
  return {
    type: "interlock.tripped",
    interlock: "hot",
    condition: "above 90 degC",
    readings: [],
    then,
    fault,
  };
}

const ALARMED: readonly LoopEvent[] = [
  {
    type: "alarm.raised",
    alarm: "warm",
    source: "reading",
    priority: "critical",
    cause: "too warm",
    readings: [],
  },
  { type: "alarm.chattering", alarm: "warm", times: 4, within: 60_000 },
  { type: "alarm.escalated", alarm: "warm", rule: 0, priority: "critical" },
  { type: "alarm.cleared", alarm: "warm", readings: [] },
  { type: "alarm.unshelved", alarm: "warm" },
  { type: "person.requested", request: "acknowledge-alarm", by: "ada", alarm: "all" },
  { type: "person.requested", request: "shelve", by: "ada", alarm: "warm", for: 60_000 },
  { type: "person.requested", request: "unshelve", by: "ada", alarm: "warm" },
];

/** How the world answers a command: the way things usually go, or otherwise. */
interface World {
  readonly settings?: (count: number, decision: number) => readonly number[];
  readonly refused?: (x: number) => boolean;
  readonly exhausted?: (experiment: number) => boolean;
  readonly y?: (x: number) => number;
  readonly fails?: (
    command: Extract<Command, { kind: "perform" }>,
    x: number,
  ) => "none" | "unknown" | undefined;
  readonly parks?: boolean;
  /** Until when a window is open that is long enough, milliseconds since 1970. */
  readonly until?: (least: number) => number;
}

/** The event that a command's effect has as its result. */
function answer(loop: Loop, state: LoopState, command: Command, world: World = {}): LoopEvent {
  const { id } = command;
  const experiment = "experiment" in command ? command.experiment : 0;
  const context = state.experiments[experiment]?.context;
  const x = Number(context?.setting["x"]);
  switch (command.kind) {
    case "decide": {
      const count = command.count;
      const xs =
        world.settings?.(count, command.decision) ??
        Array.from({ length: count }, (_, i) => (command.decision + i) / 100);
      const suggestions = xs.map((value) => ({
        setting: { x: value },
        reasons: { method: "random", predicted: {}, perHypothesis: [] } as const,
      }));
      return { type: "suggestion.made", command: id, decision: command.decision, suggestions };
    }
    case "review":
      return {
        type: "experiment.reviewed",
        command: id,
        experiment,
        refused: world.refused?.(Number(command.setting["x"])) ? [fault] : [],
        ...(world.exhausted?.(experiment) && { refused: [fault], exhausted: true as const }),
      };
    case "perform": {
      const about = {
        command: id,
        experiment,
        instrument: command.role,
        action: command.action,
        arguments: command.arguments,
      };
      const effect = world.fails?.(command, x);
      if (effect !== undefined) return { type: "action.failed", ...about, fault, effect };
      const readings = command.action === "read" ? { y: world.y?.(x) ?? x } : {};
      return { type: "action.finished", ...about, readings };
    }
    case "wait":
      return { type: "timer.elapsed", command: id, experiment };
    case "open":
      return { type: "window.opened", command: id, until: world.until?.(command.least) ?? null };
    case "close":
      return { type: "window.closing", command: id, ends: command.ends };
    case "look":
      return { type: "turn.due", command: id };
    case "lease":
      return { type: "lease.given", command: id };
    case "rest":
      return { type: "instruments.rested", command: id, states: {}, unknown: [] };
    case "ask":
      return { type: "person.answered", command: id, experiment, text: command.text, answer: "yes" };
    case "measure": {
      if (context === undefined) throw new Error("what is measured is not in flight");
      const measured = measure(loop.definition.measurements, context.procedure);
      return { type: "measurement.recorded", command: id, experiment, setting: context.setting, ...measured };
    }
    case "update":
      return { type: "belief.updated", command: id, experiment, report: { experiment, movements: [] } };
    case "park":
      return {
        type: "instruments.parked",
        command: id,
        states: {},
        unknown: world.parks === false ? [fault] : [],
      };
    case "conclude": {
      const { account, reason } = state.campaign.context;
      return {
        type: "campaign.concluded",
        command: id,
        reason: reason ?? "nothing left to try",
        experiments: account.measured + account.failed,
      };
    }
  }
}

/** A campaign under way: events go in, commands queue up. */
class Campaign {
  readonly loop: Loop;
  readonly commands: Command[] = [];
  readonly events: LoopEvent[] = [];
  readonly outcomes: string[] = [];
  state: LoopState;
  now = Date.UTC(2030, 0, 1, 18);
  readonly #world: World;
  readonly #outstanding: Command[] = [];

  constructor(world: World = {}, changes: Partial<LoopDefinition> = {}) {
    this.#world = world;
    this.loop = createLoop(definition(changes));
    this.state = this.loop.begin();
    this.take(START);
  }

  get mode(): unknown {
    return (this.state.campaign.value as { mode: unknown }).mode;
  }

  get waitsFor(): string[] {
    return this.#outstanding.map(({ id }) => id);
  }

  take(event: LoopEvent): this {
    this.now += 1000;
    const stepped = this.loop.step(this.state, event, this.now);
    this.state = stepped.state;
    this.events.push(event);
    this.commands.push(...stepped.commands);
    this.#outstanding.push(...stepped.commands);
    this.outcomes.push(...stepped.ended.map(({ outcome }) => outcome));
    return this;
  }

  request(request: RequestKind, more: Partial<PersonRequest> = {}): this {
    return this.take({ type: "person.requested", request, by: "ada", ...more });
  }

  /** Answers the oldest outstanding command. */
  next(): boolean {
    const command = this.#outstanding.shift();
    if (command === undefined) return false;
    this.take(answer(this.loop, this.state, command, this.#world));
    return true;
  }

  /** Answers commands until one of this id is outstanding. */
  until(id: string): this {
    while (!this.waitsFor.includes(id)) {
      if (!this.next()) throw new Error(`"${id}" was never asked for`);
    }
    return this;
  }

  /** Answers everything until nothing is outstanding. */
  finish(): this {
    while (this.next());
    return this;
  }

  performed(): string[] {
    return this.commands.flatMap((each) => (each.kind === "perform" ? [each.action] : []));
  }

  get end(): unknown {
    const last = this.events.at(-1);
    return last?.type === "campaign.concluded" ? [last.reason, last.experiments] : this.mode;
  }
}

describe("a campaign", () => {
  it("goes from its start to its end, one experiment after the other", () => {
    const campaign = new Campaign({}, { budget: { experiments: 2, consumables: [] } }).finish();
    const experiment = (n: number): string[] =>
      ["review", "1", "2", "3", "4", "5", "6", "measure", "update"].map((step) => `${n}.${step}`);
    expect(campaign.commands.map(({ id }) => id)).toEqual([
      "decide.1",
      ...experiment(1),
      "decide.2",
      ...experiment(2),
      "park",
      "conclude",
    ]);
    expect(campaign.end).toEqual(["budget of experiments used", 2]);
    expect(campaign.mode).toBe("concluded");
    expect(campaign.state.experiments).toEqual({});
    expect(campaign.outcomes).toEqual(["measured", "measured"]);
    expect(campaign.state.campaign.context.account.best).toMatchObject({
      experiment: 2,
      outcome: { y: 0.02 },
    });
  });

  it("performs the settings of one decision in turn, and decides again when they are used up", () => {
    const campaign = new Campaign({}, { batch: 2 }).finish();
    const begun = campaign.commands.filter(({ id }) => /^(decide|\d+\.1$)/.test(id));
    expect(begun.map(({ id }) => id)).toEqual(["decide.1", "1.1", "2.1", "decide.2", "3.1"]);
    // Three experiments are allowed, so the second decision is about one.
    expect(begun.flatMap((each) => (each.kind === "decide" ? [each.count] : []))).toEqual([2, 1]);
  });

  it("gives arguments from the setting, and a wait from the time of the event", () => {
    const campaign = new Campaign({}).until("1.2");
    expect(campaign.commands).toContainEqual(
      expect.objectContaining({ id: "1.1", action: "dose", effect: "once", arguments: { x: 0.01 } }),
    );
    expect(campaign.commands.at(-1)).toMatchObject({ kind: "wait", until: campaign.now + 2000 });
  });

  it("ends when the goal is reached, after the experiment that reached it", () => {
    const stop = [{ kind: "goal reached", limits: [{ measurement: "y", atLeast: 5 }] }] as const;
    const campaign = new Campaign({ y: (x) => (x > 0.015 ? 5 : 1) }, { stop }).finish();
    expect(campaign.end).toEqual(["goal reached", 2]);
    expect(campaign.commands.map(({ id }) => id)).toContain("2.update");
  });

  it("ends when there is nothing left to try", () => {
    expect(new Campaign({ settings: () => [] }).finish().end).toEqual(["nothing left to try", 0]);
  });

  it("goes on to the next suggestion when review refuses one, and ends when it refuses them all", () => {
    const first = new Campaign({ refused: (x) => x === 0.01 }).finish();
    expect(first.outcomes).toEqual(["refused", "measured", "measured", "measured"]);
    expect(first.end).toEqual(["budget of experiments used", 3]);
    const all = new Campaign({ refused: () => true }).finish();
    expect([all.end, all.performed()]).toEqual([["nothing left to try", 0], []]);
  });

  it("begins no experiment when its time is used up", () => {
    // An experiment takes ten events of a second each; the second one would begin in the twelfth second.
    const budget = { experiments: 3, milliseconds: 12_000, consumables: [] };
    const campaign = new Campaign({}, { budget }).finish();
    expect(campaign.end).toEqual(["budget of time used", 1]);
  });

  it("begins no experiment for which a consumable doesn't suffice", () => {
    const consumables = [{ name: "dye", available: 25, perExperiment: expression("10") }];
    const campaign = new Campaign({}, { budget: { experiments: 9, consumables } }).finish();
    expect(campaign.end).toEqual(["consumables used up", 2]);
    expect(campaign.performed().filter((name) => name === "dose")).toHaveLength(2);
    expect(campaign.state.campaign.context.account.used).toEqual({ dye: 20 });
  });
});

describe("an experiment for which a stock doesn't suffice", () => {
  it.each([1, 3])("ends the campaign at its turn, with %d suggestions at a time", (batch) => {
    const budget = { experiments: 9, consumables: [] };
    const campaign = new Campaign({ exhausted: (experiment) => experiment >= 3 }, { budget, batch }).finish();
    expect(campaign.end).toEqual(["consumables used up", 2]);
    expect(campaign.outcomes.filter((outcome) => outcome === "measured")).toHaveLength(2);
    expect(campaign.state.campaign.context.account.refused).toBe(0);
  });
});

describe("a failed experiment", () => {
  it("is cleaned up, and the campaign goes on", () => {
    const campaign = new Campaign({
      fails: ({ action: name }, x) => (name === "dose" && x === 0.01 ? "none" : undefined),
    }).finish();
    expect(campaign.performed().slice(0, 3)).toEqual(["dose", "rinse", "dose"]);
    expect(campaign.outcomes).toEqual(["failed", "measured", "measured"]);
    expect(campaign.end).toEqual(["budget of experiments used", 3]);
  });

  it("ends the campaign when as many failed in a row as are allowed", () => {
    const campaign = new Campaign(
      { fails: ({ action: name }, x) => (name === "read" && x !== 0.02 ? "none" : undefined) },
      { budget: { experiments: 9, consumables: [] } },
    ).finish();
    expect(campaign.outcomes).toEqual(["failed", "measured", "failed", "failed"]);
    expect(campaign.end).toEqual(["too many failures", 4]);
  });

  it("whose outcome nobody knows ends the campaign", () => {
    const campaign = new Campaign({
      fails: ({ action: name }) => (name === "dose" ? "unknown" : undefined),
    }).finish();
    expect(campaign.outcomes).toEqual(["in doubt"]);
    expect(campaign.end).toEqual(["outcome unknown", 1]);
  });

  it("is one whose measurement is unusable, which is not learned from", () => {
    const campaign = new Campaign({ y: () => 101 }).finish();
    expect(campaign.outcomes).toEqual(["unusable", "unusable"]);
    expect(campaign.commands.filter(({ kind }) => kind === "update")).toEqual([]);
    expect(campaign.end).toEqual(["too many failures", 2]);
    expect(campaign.state.campaign.context.account.best).toBeNull();
  });
});

describe("a person", () => {
  it("pauses: the experiment under way ends, none begins, and resuming goes on", () => {
    const campaign = new Campaign().until("1.3").request("pause");
    expect(campaign.mode).toBe("pausing");
    campaign.finish();
    expect([campaign.mode, campaign.outcomes]).toEqual(["paused", ["measured"]]);
    expect(campaign.waitsFor).toEqual([]);
    campaign.request("resume").finish();
    expect(campaign.end).toEqual(["budget of experiments used", 3]);
  });

  it("takes a pause back before it came about", () => {
    const campaign = new Campaign().until("1.3").request("pause").request("resume");
    expect(campaign.mode).toBe("running");
    expect(campaign.finish().end).toEqual(["budget of experiments used", 3]);
  });

  it.each(["decide.1", "1.review"])("pauses while %s is outstanding, and its result is kept", (id) => {
    const campaign = new Campaign().until(id).request("pause").finish();
    expect([campaign.mode, campaign.performed()]).toEqual(["paused", []]);
    campaign.request("resume").finish();
    expect(campaign.end).toEqual(["budget of experiments used", 3]);
    expect(campaign.commands.filter(({ kind }) => kind === "decide")).toHaveLength(3);
  });

  it("stops: the experiment under way ends, then everything is parked without haste", () => {
    const campaign = new Campaign().until("1.3").request("stop");
    expect(campaign.mode).toBe("stopping");
    campaign.finish();
    expect(campaign.end).toEqual(["stopped by a person", 1]);
    expect(campaign.commands).toContainEqual({ kind: "park", id: "park", urgent: false });
  });

  it("stops a paused campaign", () => {
    const campaign = new Campaign().until("1.3").request("pause").finish().request("stop").finish();
    expect(campaign.end).toEqual(["stopped by a person", 1]);
  });

  it.each(["decide.1", "1.review", "1.1", "1.measure", "1.update"])(
    "aborts while %s is outstanding: instruments are parked at once",
    (id) => {
      const campaign = new Campaign().until(id).request("abort");
      expect(campaign.mode).toBe("parking");
      expect(campaign.commands.at(-1)).toEqual({ kind: "park", id: "park", urgent: true });
      campaign.finish();
      expect(campaign.mode).toBe("concluded");
      expect(campaign.events).toContainEqual(
        expect.objectContaining({ type: "campaign.concluded", reason: "aborted by a person" }),
      );
    },
  );

  it("aborts a campaign that is stopping", () => {
    const campaign = new Campaign().until("1.3").request("stop").request("abort");
    expect(campaign.commands.at(-1)).toEqual({ kind: "park", id: "park", urgent: true });
  });

  it.each(["step", "now"] as const)("pauses at a step (%s): what is under way ends, nothing begins", (at) => {
    const campaign = new Campaign().until("1.3").request("pause", { at });
    // A read that is under way is broken off now, and ends by itself at a step.
    expect(campaign.mode).toBe(at === "now" ? "paused" : "pausing");
    campaign.finish();
    expect([campaign.mode, campaign.performed()]).toEqual(["paused", ["dose", "read"]]);
    expect(campaign.request("pause", { at }).mode).toBe("paused");
    campaign.request("resume").finish();
    expect(campaign.performed().slice(0, 4)).toEqual(["dose", "read", "read", "rinse"]);
    expect(campaign.end).toEqual(["budget of experiments used", 3]);
  });

  it("pauses now: an action that may not be repeated is let finish", () => {
    const campaign = new Campaign().until("1.1").request("pause", { at: "now" });
    expect(campaign.mode).toBe("pausing");
    campaign.finish();
    expect([campaign.mode, campaign.performed()]).toEqual(["paused", ["dose"]]);
  });

  it("pauses earlier than first asked for", () => {
    const campaign = new Campaign().until("1.3").request("pause").request("pause", { at: "step" }).finish();
    expect([campaign.mode, campaign.performed()]).toEqual(["paused", ["dose", "read"]]);
  });

  it("stops a campaign that is paused at a step: its experiment ends first", () => {
    const campaign = new Campaign().until("1.3").request("pause", { at: "step" }).finish();
    campaign.request("stop").finish();
    expect(campaign.end).toEqual(["stopped by a person", 1]);
    expect(campaign.outcomes).toEqual(["measured"]);
  });

  it("skips the next step of a campaign paused at a step, and the sample is marked", () => {
    const campaign = new Campaign().until("1.1").request("pause", { at: "step" }).finish();
    // The wait is left out, and so is nothing else.
    campaign.request("skip").request("resume");
    expect(campaign.commands.at(-1)).toMatchObject({ kind: "perform", action: "read" });
    const { procedure } = campaign.state.experiments[1]?.context ?? {};
    expect(procedure?.flags).toEqual(["a wait was skipped, as ada says"]);
  });

  it("has the last step done again that may be repeated, and no other", () => {
    const campaign = new Campaign().until("1.3").request("pause", { at: "step" }).finish();
    campaign.request("retry").request("resume").finish();
    expect(campaign.performed().slice(0, 5)).toEqual(["dose", "read", "read", "read", "rinse"]);
    const dosed = new Campaign().until("1.1").request("pause", { at: "step" }).finish();
    dosed.request("retry").request("resume").finish();
    expect(dosed.performed().slice(0, 2)).toEqual(["dose", "read"]);
  });

  it("has an experiment done again, next", () => {
    const repeated = { experiment: 1, setting: { x: 0.01 } };
    const campaign = new Campaign().until("2.1").request("repeat", { repeated }).finish();
    expect(campaign.end).toEqual(["budget of experiments used", 3]);
    const settings = campaign.events.flatMap((event) =>
      event.type === "measurement.recorded" ? [event.setting["x"]] : [],
    );
    expect(settings[2]).toBe(0.01);
  });

  it("has none done again of a campaign that is ending", () => {
    const repeated = { experiment: 1, setting: { x: 0.01 } };
    const campaign = new Campaign().until("2.1").request("stop").request("repeat", { repeated }).finish();
    expect(campaign.end).toEqual(["stopped by a person", 2]);
  });

  it.each(["decide.1", "1.1", "1.3", "1.update", "park"])(
    "halts while %s is outstanding, and the lab stays locked until that is acknowledged",
    (id) => {
      const campaign = new Campaign().until(id).request("halt").finish();
      expect(campaign.state.campaign.value).toMatchObject({ mode: "concluded", safety: "tripped" });
      expect(campaign.state.campaign.context.reason).toBe("halted by a person");
      expect(campaign.commands.filter(({ kind }) => kind === "park")).toHaveLength(1);
    },
  );

  it("changes nothing by asking again, or after the end", () => {
    const campaign = new Campaign().until("1.3").request("abort").request("abort").request("stop").finish();
    expect(campaign.commands.filter(({ kind }) => kind === "park")).toHaveLength(1);
    const { length } = campaign.commands;
    for (const request of ["resume", "pause", "discard", "stop", "abort"] as const) campaign.request(request);
    expect([campaign.mode, campaign.commands.length]).toEqual(["concluded", length]);
  });
});

describe("an interlock", () => {
  const tripped = trip("abort");

  it("parks at once and ends the campaign", () => {
    const campaign = new Campaign().until("1.3").take(tripped);
    expect(campaign.commands.at(-1)).toEqual({ kind: "park", id: "park", urgent: true });
    campaign.finish();
    expect(campaign.state.campaign.value).toMatchObject({ mode: "concluded", safety: "tripped" });
    expect(campaign.state.campaign.context.reason).toBe("interlock");
  });

  it.each(["park", "conclude"])("that trips while %s is outstanding parks no second time", (id) => {
    const campaign = new Campaign().until(id).take(tripped).finish();
    expect(campaign.commands.filter(({ kind }) => kind === "park")).toHaveLength(1);
    expect(campaign.mode).toBe("concluded");
  });

  it("that pauses lets nothing go on before a person has acknowledged it", () => {
    const campaign = new Campaign().until("1.3").take(trip("pause"));
    expect(campaign.mode).toBe("pausing");
    expect(campaign.request("resume").mode).toBe("pausing");
    expect(campaign.state.campaign.value).toMatchObject({ safety: "tripped" });
    expect(campaign.request("acknowledge").request("resume").mode).toBe("running");
    expect(campaign.state.campaign.value).toMatchObject({ safety: "nominal" });
  });

  it("that pauses is no way out of another one that parks", () => {
    const campaign = new Campaign().until("1.3").take(trip("abort")).take(trip("pause"));
    expect(campaign.mode).toBe("parking");
  });

  it("that trips after the end doesn't begin it again", () => {
    expect(new Campaign().finish().take(tripped).mode).toBe("concluded");
  });
});

it("instruments of which nobody knows whether they are safe are told in the campaign's end", () => {
  expect(new Campaign({ parks: false }).finish().end).toEqual(["outcome unknown", 3]);
});

/** Something that may happen at any moment: an answer, perhaps a bad one, or something that nobody waits for. */
type Move =
  | { readonly kind: "answer"; readonly which: number; readonly how: "well" | "badly" | "unknown" }
  | { readonly kind: "again"; readonly which: number }
  | { readonly kind: "request"; readonly request: RequestKind }
  | { readonly kind: "trip"; readonly then: TripAction };

const anyRequest = fc.constantFrom<RequestKind[]>("pause", "resume", "discard", "stop", "abort");
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      which: fc.nat(5),
      how: fc.constant("well" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      which: fc.nat(5),
      how: fc.constantFrom("badly" as const, "unknown" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("again" as const), which: fc.nat(50) }) },
  // Pausing and resuming lead on; stopping and aborting end most of what could happen.
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("request" as const),
      request: fc.constantFrom<RequestKind[]>("pause", "resume", "acknowledge"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("request" as const), request: anyRequest }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("trip" as const),
      then: fc.constantFrom<TripAction[]>("pause", "abort"),
    }),
  },
);
const definitions = fc.record({
  experiments: fc.integer({ min: 1, max: 6 }),
  batch: fc.integer({ min: 1, max: 3 }),
  failuresInARow: fc.integer({ min: 1, max: 3 }),
  available: fc.integer({ min: 0, max: 6 }),
  parallel: fc.boolean(),
});

const FORKED: Plan = [
  { kind: "fork", at: [2, 4] },
  { kind: "jump", to: 7 },
  action("dose", "once"),
  { kind: "end" },
  action("read", "read"),
  action("rinse", "once", true),
  { kind: "end" },
  action("read", "read"),
  { kind: "end" },
];

function anyLoop(drawn: {
  experiments: number;
  batch: number;
  failuresInARow: number;
  available: number;
  parallel: boolean;
}): Loop {
  const { experiments, batch, failuresInARow, available, parallel } = drawn;
  const consumables = [{ name: "dye", available, perExperiment: expression("1") }];
  const usual = definition();
  return createLoop({
    ...usual,
    experiment: { ...usual.experiment, plan: parallel ? FORKED : PLAN },
    budget: { experiments, consumables },
    stop: [{ kind: "no gain", over: 4, lessThan: 0.001 }],
    batch,
    failuresInARow,
  });
}

/** Plays moves; every event goes to `step`, which gives what the next move is made from. */
function play(loop: Loop, moves: readonly Move[], step: (event: LoopEvent, now: number) => Stepped): void {
  const happened: LoopEvent[] = [];
  let outstanding: readonly Command[] = [];
  let state = loop.begin();
  let now = 0;
  const happen = (event: LoopEvent): void => {
    now += 700;
    const stepped = step(event, now);
    state = stepped.state;
    outstanding = [...outstanding, ...stepped.commands];
    happened.push(event);
  };
  happen(START);
  for (const each of moves) {
    if (each.kind === "trip") happen(trip(each.then));
    else if (each.kind === "request") happen({ type: "person.requested", request: each.request, by: "ada" });
    else if (each.kind === "again") {
      const again = happened[each.which % happened.length];
      if (again !== undefined && again.type !== "suggestion.made") happen(again);
    } else {
      const command = outstanding[each.which % (outstanding.length || 1)];
      if (command === undefined) continue;
      outstanding = outstanding.filter((other) => other !== command);
      // What is measured may have ended since with an answer that came twice.
      if (command.kind === "measure" && state.experiments[command.experiment] === undefined) continue;
      happen(answer(loop, state, command, WORLDS[each.how]));
    }
  }
}

const WORLDS: Readonly<Record<"well" | "badly" | "unknown", World>> = {
  well: {
    settings: (count, decision) => Array.from({ length: count }, (_, i) => ((decision * 7 + i) % 10) / 10),
  },
  badly: { settings: () => [], refused: () => true, y: () => 1000, fails: () => "none", parks: false },
  unknown: { fails: () => "unknown", y: () => -1 },
};

const copy = <T>(plain: T): T => JSON.parse(JSON.stringify(plain)) as T;

describe("whatever happens in whatever order", () => {
  prop.prop([definitions, fc.array(move, { maxLength: 120 })], { numRuns: 150 })(
    "a state that went through JSON steps on exactly as the live one",
    (drawn, moves) => {
      const loop = anyLoop(drawn);
      const elsewhere = anyLoop(drawn);
      let live = loop.begin();
      let kept = copy(elsewhere.begin());
      play(loop, moves, (event, now) => {
        const stepped = loop.step(live, event, now);
        const resumed = elsewhere.step(kept, copy(event), now);
        expect(copy(resumed)).toEqual(copy(stepped));
        // Not from a snapshot of its own machine either: that of another loop is resolved from its data.
        expect(elsewhere.step(live, event, now).commands).toEqual(stepped.commands);
        live = stepped.state;
        kept = copy(resumed.state);
        return stepped;
      });
    },
  );

  prop.prop([definitions, fc.array(move, { maxLength: 120 })])(
    "the same events give equal states and commands twice, and leave the states before as they were",
    (drawn, moves) => {
      const loop = anyLoop(drawn);
      const steps: { before: LoopState; text: string; event: LoopEvent; now: number; stepped: Stepped }[] =
        [];
      let state = loop.begin();
      play(loop, moves, (event, now) => {
        const stepped = loop.step(state, event, now);
        steps.push({ before: state, text: JSON.stringify(state), event, now, stepped });
        state = stepped.state;
        return stepped;
      });
      const again = anyLoop(drawn);
      let second = again.begin();
      for (const { before, text, event, now, stepped } of steps) {
        expect(JSON.stringify(before)).toBe(text);
        expect(loop.step(before, event, now)).toEqual(stepped);
        const repeated = again.step(second, event, now);
        expect(copy(repeated)).toEqual(copy(stepped));
        second = repeated.state;
      }
    },
  );

  prop.prop([definitions, fc.array(move, { maxLength: 120 })], { numRuns: 150 })(
    "no command's id is given twice, and at most one experiment is performed at a time",
    (drawn, moves) => {
      const loop = anyLoop(drawn);
      const ids = new Set<string>();
      let state = loop.begin();
      play(loop, moves, (event, now) => {
        const stepped = loop.step(state, event, now);
        state = stepped.state;
        for (const { id } of stepped.commands) {
          expect(ids).not.toContain(id);
          ids.add(id);
        }
        expect(state.campaign.context.performing.length).toBeLessThanOrEqual(1);
        return stepped;
      });
    },
  );

  prop.prop([definitions, fc.array(move, { maxLength: 60 })])(
    "no alarm, and nothing that people say of one, changes what a campaign does",
    (drawn, moves) => {
      const loop = anyLoop(drawn);
      let state = loop.begin();
      play(loop, moves, (event, now) => {
        for (const alarm of ALARMED) {
          const heard = loop.step(state, alarm, now);
          expect(heard.state).toEqual(state);
          expect(heard.commands).toEqual([]);
        }
        const stepped = loop.step(state, event, now);
        state = stepped.state;
        return stepped;
      });
    },
  );

  prop.prop([definitions, fc.array(move, { maxLength: 60 })])(
    "a campaign that is resumed and answered comes to its end",
    (drawn, moves) => {
      const loop = anyLoop(drawn);
      const outstanding = new Map<string, Command>();
      let state = loop.begin();
      let now = 0;
      const step = (event: LoopEvent, at: number): Stepped => {
        const stepped = loop.step(state, event, at);
        now = at;
        state = stepped.state;
        if ("command" in event) outstanding.delete(event.command);
        for (const command of stepped.commands) outstanding.set(command.id, command);
        return stepped;
      };
      play(
        loop,
        moves.filter(({ kind }) => kind !== "again"),
        step,
      );
      step({ type: "person.requested", request: "acknowledge", by: "ada" }, now + 1);
      step({ type: "person.requested", request: "resume", by: "ada" }, now + 1);
      for (let i = 0; i < 1000; i++) {
        const [command] = outstanding.values();
        if (command === undefined) break;
        step(answer(loop, state, command, WORLDS.well), now + 1);
      }
      expect(outstanding.size).toBe(0);
      expect((state.campaign.value as { mode: unknown }).mode).toBe("concluded");
    },
  );
});
