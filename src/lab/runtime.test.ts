import { describe, expect, it } from "vitest";
import { benchDefinition, benchInstrument, instantCompute, NO_BELIEF } from "../../bench/loop/instant-lab.ts";
import { type Clock, sleep } from "../base/clock.ts";
import type { Call, Instrument, Outcome } from "../instrument/contract/instrument.ts";
import type { PerformCommand } from "../loop/command.ts";
import type { LoopDefinition } from "../loop/definition.ts";
import type { DoubtPolicy } from "../loop/doubt.ts";
import type { LoopEvent, PersonRequest } from "../loop/event.ts";
import { History } from "../loop/history.ts";
import { createLoop } from "../loop/loop.ts";
import type { Effect } from "../loop/plan.ts";
import type { OverduePolicy, SuspicionPolicies } from "../loop/suspicion.ts";
import type { CampaignJournal } from "../record/journal.ts";
import {
  commandsOf,
  EMPTY_HEAD,
  eventOf,
  type Head,
  type JournalEntry,
  link,
} from "../record/journal-entry.ts";
import { RecordError } from "../record/record-error.ts";
import type { Supervisor } from "./interlock/supervisor.ts";
import { recover } from "./recover.ts";
import { Runtime } from "./runtime.ts";
import { Guard } from "./safety/guard.ts";
import { NO_RULES } from "./safety/rules.ts";
import { virtualTime } from "./virtual-time.ts";

const START = Date.UTC(2030, 0, 1, 18);

/** A journal whose commits wait for the test, from the first entry on that `holds`. */
class HeldJournal implements CampaignJournal {
  readonly key = "held";
  readonly entries: JournalEntry[] = [];
  readonly #holds: (entry: JournalEntry) => boolean;
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #head: Head = EMPTY_HEAD;
  #open = false;

  constructor(holds: (entry: JournalEntry) => boolean) {
    this.#holds = holds;
  }

  head(): Head {
    return this.#head;
  }

  append: CampaignJournal["append"] = (now, event, commands) => {
    const entry = link(this.#head, now, event, commands);
    this.#head = entry;
    this.entries.push(entry);
    const waits = !this.#open && (this.#waiting.length > 0 || this.#holds(entry));
    const committed = new Promise<void>((resolve, reject) => {
      if (waits) this.#waiting.push({ resolve, reject });
      else resolve();
    });
    return { entry, committed };
  };

  /** Everything that waits is durable, and so is whatever follows. */
  release(): void {
    this.#open = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  refuse(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

const asksFor = (kind: string) => (entry: JournalEntry) =>
  commandsOf(entry).some((each) => each.kind === kind);

interface Given {
  readonly effect?: Effect;
  readonly actions?: number;
  readonly holds?: (entry: JournalEntry) => boolean;
  readonly perform?: (call: Call, signal: AbortSignal) => Promise<Outcome>;
  readonly doubts?: LoopDefinition["doubts"];
  readonly atFailure?: LoopDefinition["atFailure"];
  readonly supervisor?: Supervisor;
  readonly guard?: Guard;
  readonly history?: History;
  readonly suspicion?: SuspicionPolicies;
  /** What the person answers, one after the other. */
  readonly answers?: readonly string[];
}

/** A runtime on virtual time with one instrument, and what it was asked for. */
function rig({
  effect = "read",
  actions = 1,
  holds = () => false,
  perform,
  doubts,
  atFailure,
  answers = [],
  supervisor,
  guard,
  history,
  suspicion,
}: Given = {}) {
  const definition = benchDefinition({ experiments: 1, actions, effect });
  const loop = createLoop({
    ...definition,
    ...(doubts && { doubts }),
    ...(atFailure && { atFailure }),
    ...(suspicion && { suspicion }),
  });
  const asked: string[] = [];
  const clock = virtualTime(START);
  const journal = new HeldJournal(holds);
  const calls: Call[] = [];
  const shown: string[] = [];
  let madeSafe = 0;
  const detector: Instrument = {
    ...benchInstrument(),
    perform: (call, signal) => {
      calls.push(call);
      return perform?.(call, signal) ?? Promise.resolve({ kind: "done", readings: { y: 1 } });
    },
    makeSafe: async () => {
      madeSafe += 1;
      return { kind: "safe", state: { lamp: "off" } };
    },
  };
  const runtime = new Runtime({
    loop,
    clock,
    journal,
    compute: instantCompute(),
    instruments: { detector },
    ...(supervisor && { supervisor }),
    ...(guard && { guard }),
    ...(history && { history }),
    from: { state: loop.begin(), belief: NO_BELIEF, observed: {} },
    ask: async (text) => {
      asked.push(text);
      return answers[asked.length - 1] ?? "";
    },
    onEntry: (_, { type }) => shown.push(type),
  });
  runtime.dispatch({ type: "campaign.started", name: "rig", seed: 1, mode: "virtual", files: {} });
  const events = (): LoopEvent[] => journal.entries.map(eventOf);
  return { runtime, clock, journal, calls, shown, asked, events, madeSafe: () => madeSafe };
}

/** So many turns of the event loop that whatever can happen by itself has happened. */
async function rest(): Promise<void> {
  for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve));
}

const concluded = { kind: "concluded", event: { reason: "budget of experiments used", experiments: 1 } };

describe("an action that may not be repeated", () => {
  it("starts only when its intent is durable", async () => {
    const { runtime, journal, calls } = rig({ effect: "once", holds: asksFor("perform") });
    await rest();
    expect(commandsOf(journal.entries.at(-1) as JournalEntry)).toMatchObject([
      { kind: "perform", id: "1.1" },
    ]);
    expect(calls).toEqual([]);
    journal.release();
    expect(await runtime.ended).toMatchObject(concluded);
    expect(calls.map(({ key }) => key)).toEqual(["1.1"]);
  });

  it("never starts when its intent is refused", async () => {
    const { runtime, journal, calls } = rig({ effect: "once", holds: asksFor("perform") });
    await rest();
    const fault = { code: "record.fenced", message: "taken over" };
    journal.refuse(new RecordError(fault));
    expect(await runtime.ended).toMatchObject({ kind: "broken", fault });
    await rest();
    expect(calls).toEqual([]);
  });

  it("holds time still while it waits for the disk", async () => {
    const { runtime, clock, journal } = rig({ effect: "once", holds: asksFor("perform") });
    clock.at(START + 1, () => {});
    await rest();
    expect(clock.now()).toBe(START);
    journal.release();
    await runtime.ended;
  });
});

describe("an action of which nobody knows whether it was done", () => {
  const lost = { code: "instrument.timeout", message: "it said nothing" };
  const inDoubt = (policy: DoubtPolicy, answers: readonly string[] = []) => {
    let times = 0;
    return rig({
      effect: "once",
      doubts: { usual: "stop", byAction: { "detector.expose": policy } },
      answers,
      perform: async () => {
        times += 1;
        return times === 1
          ? { kind: "failed", fault: lost, effect: "unknown" }
          : { kind: "done", readings: { y: 1 } };
      },
    });
  };
  const ended = async ({ runtime, events }: ReturnType<typeof rig>): Promise<LoopEvent[]> => {
    await runtime.ended;
    return events();
  };
  const reasonOf = (events: readonly LoopEvent[]): unknown =>
    events.find((event) => event.type === "campaign.concluded")?.reason;

  it.each<[DoubtPolicy, readonly string[]]>([
    ["stop", []],
    // What failed is known to have gone wrong, and doesn't count as done unseen.
    ["accept", []],
    ["ask", ["stop"]],
    ["ask", ["simulated"]],
  ])("ends the campaign by %s %j", async (policy, answers) => {
    expect(reasonOf(await ended(inDoubt(policy, answers)))).toBe("outcome unknown");
  });

  it.each<[DoubtPolicy, readonly string[], string]>([
    ["discard", [], "the campaign file"],
    ["ask", ["discard"], "a person"],
  ])("is discarded by %s %j, and the campaign goes on", async (policy, answers, by) => {
    const events = await ended(inDoubt(policy, answers));
    expect(events).toContainEqual(expect.objectContaining({ type: "action.failed", discardedBy: by }));
    expect(reasonOf(events)).toBe("budget of experiments used");
  });

  it("counts as done when a person says so, and isn't done again", async () => {
    const given = inDoubt("ask", ["Done"]);
    const events = await ended(given);
    expect(given.calls).toHaveLength(1);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "action.finished",
        flags: ["detector.expose counts as done, as a person says"],
      }),
    );
  });

  it("is done when a person says that it wasn't, after answers that nobody understands", async () => {
    const given = inDoubt("ask", ["hm", "", "not done"]);
    const events = await ended(given);
    expect(given.asked).toHaveLength(3);
    expect(given.asked[0]).toContain("was detector.expose done?");
    expect(given.calls).toHaveLength(2);
    expect(events.filter(({ type }) => type === "measurement.recorded")).toHaveLength(1);
  });
});

describe("a sample that a person discards", () => {
  it("ends what its experiment is at, and says nothing of its setting", async () => {
    const { runtime, clock, events } = rig({ effect: "once", actions: 3, perform: untilAborted });
    clock.at(START + 5000, () => runtime.request({ request: "discard", by: "ada" }));
    expect(await runtime.ended).toMatchObject(concluded);
    expect(clock.now()).toBeLessThan(START + 60_000);
    const told = events();
    expect(told.map(({ type }) => type)).toEqual([
      "campaign.started",
      "suggestion.made",
      "experiment.reviewed",
      "person.requested",
      "action.failed",
      "instruments.parked",
      "campaign.concluded",
    ]);
    expect(told[4]).toMatchObject({ effect: "unknown", discardedBy: "ada" });
    expect(runtime.progress().belief.observations).toEqual([]);
  });

  it("doesn't begin what an interlock held back", async () => {
    const held: PerformCommand[] = [];
    const supervisor = {
      permit: (command: PerformCommand, signal: AbortSignal) => {
        held.push(command);
        return new Promise((resolve) => {
          const fault = { code: "lab.interlocked", message: "held" };
          signal.addEventListener("abort", () => resolve({ kind: "refused", fault }), { once: true });
        });
      },
      held: 0,
      observe: () => undefined,
      stop: () => undefined,
    } as unknown as Supervisor;
    const { runtime, clock, calls, events } = rig({ effect: "once", actions: 3, supervisor });
    clock.at(START + 5000, () => runtime.request({ request: "discard", by: "ada" }));
    expect(await runtime.ended).toMatchObject(concluded);
    expect(held).toHaveLength(1);
    expect(calls).toEqual([]);
    expect(events()).toContainEqual(
      expect.objectContaining({ type: "action.failed", effect: "none", discardedBy: "ada" }),
    );
  });

  it("doesn't begin what was only being written down", async () => {
    const { runtime, journal, calls, events } = rig({
      effect: "once",
      actions: 3,
      holds: asksFor("perform"),
    });
    await rest();
    runtime.request({ request: "discard", by: "ada" });
    journal.release();
    expect(await runtime.ended).toMatchObject(concluded);
    expect(calls).toEqual([]);
    expect(events()).toContainEqual(expect.objectContaining({ type: "action.failed", effect: "none" }));
  });

  it("is left alone while none is under way", async () => {
    const { runtime, events } = rig();
    expect(await runtime.ended).toMatchObject(concluded);
    runtime.request({ request: "discard", by: "ada" });
    expect(events().at(-1)?.type).toBe("campaign.concluded");
  });
});

describe("a person", () => {
  const requests = (
    given: ReturnType<typeof rig>,
    ...wanted: readonly [number, PersonRequest["request"]][]
  ) => {
    const changed: boolean[] = [];
    for (const [after, request] of wanted)
      given.clock.at(START + after, () => {
        const at = request === "pause" ? { at: "now" as const } : {};
        changed.push(given.runtime.request({ request, by: "ada", ...at }));
      });
    return changed;
  };
  const kinds = (given: ReturnType<typeof rig>) => given.events().map(({ type }) => type);

  it("skips an action under way that may be repeated, and the sample is marked", async () => {
    const given = rig({ actions: 1, perform: untilAborted });
    const changed = requests(given, [5000, "skip"]);
    expect(await given.runtime.ended).toMatchObject(concluded);
    expect(changed).toEqual([true]);
    expect(given.events()).toContainEqual(
      expect.objectContaining({ type: "action.failed", skippedBy: "ada" }),
    );
    expect(given.calls).toHaveLength(1);
  });

  it("skips no action of which nobody would know what it did: that is settled by the policy", async () => {
    const doubts = { usual: "discard", byAction: {} } as const;
    const given = rig({ effect: "once", perform: untilAborted, doubts });
    requests(given, [5000, "skip"]);
    await given.runtime.ended;
    expect(given.events()).toContainEqual(
      expect.objectContaining({ type: "action.failed", effect: "unknown", discardedBy: "the campaign file" }),
    );
  });

  it("has an action under way done again", async () => {
    let tries = 0;
    const given = rig({
      perform: (call, signal) => {
        tries += 1;
        return tries === 1
          ? untilAborted(call, signal)
          : Promise.resolve({ kind: "done", readings: { y: 1 } });
      },
    });
    requests(given, [5000, "retry"]);
    expect(await given.runtime.ended).toMatchObject(concluded);
    expect(given.calls.map(({ key }) => key)).toEqual(["1.1", "1.1"]);
    expect(kinds(given)).not.toContain("action.failed");
  });

  it("pauses now: a read under way is broken off, and done again when the campaign is resumed", async () => {
    let tries = 0;
    const given = rig({
      perform: (call, signal) => {
        tries += 1;
        return tries === 1
          ? untilAborted(call, signal)
          : Promise.resolve({ kind: "done", readings: { y: 1 } });
      },
    });
    const changed = requests(given, [5000, "pause"], [6000, "pause"], [20_000, "resume"], [21_000, "resume"]);
    expect(await given.runtime.ended).toMatchObject(concluded);
    expect(changed.slice(0, 3)).toEqual([true, false, true]);
    expect(given.calls).toHaveLength(2);
    expect(given.clock.now()).toBeGreaterThanOrEqual(START + 20_000);
  });

  it("pauses now: what may not be repeated is let finish", async () => {
    const given = rig({
      effect: "once",
      perform: async (_, signal) => {
        await sleep(given.clock, 10_000, signal);
        return { kind: "done", readings: { y: 1 } };
      },
    });
    requests(given, [5000, "pause"], [20_000, "resume"]);
    expect(await given.runtime.ended).toMatchObject(concluded);
    expect(given.calls).toHaveLength(1);
    expect(kinds(given)).toContain("action.finished");
  });

  it("halts: instruments are told to be safe before anything else", async () => {
    const given = rig({ perform: untilAborted });
    requests(given, [5000, "halt"]);
    expect(await given.runtime.ended).toMatchObject({ event: { reason: "halted by a person" } });
    // At once, and once more to read back how they are.
    expect(given.madeSafe()).toBe(2);
  });
});

describe("an action that failed and did nothing", () => {
  const atFailure = { usual: "ask", byAction: {} } as const;
  const failing = (times: number) => {
    let left = times;
    return async (): Promise<Outcome> => {
      left -= 1;
      return left >= 0
        ? { kind: "failed", fault: { code: "instrument.busy", message: "it is busy" }, effect: "none" }
        : { kind: "done", readings: { y: 1 } };
    };
  };

  it.each([
    [["retry", "retry"], "measurement.recorded"],
    [["what?", "skip"], "measurement.recorded"],
    [["discard"], "action.failed"],
    [["fail"], "action.failed"],
    [["simulated"], "action.failed"],
  ])("is put to a person: %s", async (answers, last) => {
    const given = rig({ perform: failing(2), atFailure, answers });
    await given.runtime.ended;
    expect(given.asked).toHaveLength(answers.length);
    expect(given.asked[0]).toContain("it is busy. detector.read did nothing: what now?");
    expect(given.events().map(({ type }) => type)).toContain(last);
  });

  it("fails its experiment where nobody is to be asked", async () => {
    const given = rig({ perform: failing(1) });
    await given.runtime.ended;
    expect(given.asked).toEqual([]);
    expect(given.events().map(({ type }) => type)).not.toContain("measurement.recorded");
  });
});

describe("a read", () => {
  it("starts at once, and nothing is shown before it is durable", async () => {
    const { runtime, journal, calls, shown } = rig({ holds: () => true });
    await rest();
    expect(calls.map(({ key }) => key)).toEqual(["1.1"]);
    expect(shown).toEqual([]);
    journal.release();
    expect(await runtime.ended).toMatchObject(concluded);
    expect(shown).toEqual(journal.entries.map(({ kind }) => kind));
  });

  it("waits when too many entries aren't durable", async () => {
    const { runtime, journal, calls } = rig({ actions: 1500, holds: () => true });
    await rest();
    // 1024 entries may wait for their commit; three of them come before the first action.
    expect(calls.length).toBeGreaterThan(1000);
    expect(calls.length).toBeLessThanOrEqual(1024);
    journal.release();
    expect(await runtime.ended).toMatchObject(concluded);
    expect(calls).toHaveLength(1500);
  });
});

describe("a campaign's end", () => {
  it("is told when it is durable", async () => {
    const { runtime, journal } = rig({ holds: ({ kind }) => kind === "campaign.concluded" });
    let ended = false;
    void runtime.ended.then(() => (ended = true));
    await rest();
    expect([journal.entries.at(-1)?.kind, ended]).toEqual(["campaign.concluded", false]);
    journal.release();
    expect(await runtime.ended).toMatchObject(concluded);
  });

  it("is broken by a fault of labloop itself", async () => {
    const { runtime } = rig({ perform: () => Promise.reject(new Error("a driver threw")) });
    expect(await runtime.ended).toMatchObject({
      kind: "broken",
      fault: { code: "labloop.bug", message: expect.stringContaining("a driver threw") as string },
    });
  });
});

/** An instrument that answers nothing until it is told to stop. */
function untilAborted(_: Call, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const stop = (): void => {
      const fault = { code: "instrument.timeout", message: String(signal.reason) };
      resolve({ kind: "failed", fault, effect: "unknown" });
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

describe("an action that doesn't end", () => {
  it("is stopped at its deadline", async () => {
    const { runtime, events, clock } = rig({ effect: "once", perform: untilAborted });
    expect(await runtime.ended).toMatchObject({ event: { reason: "outcome unknown" } });
    expect(events()).toContainEqual(
      expect.objectContaining({
        type: "action.failed",
        fault: expect.objectContaining({
          message: expect.stringContaining("detector.expose took longer than 60 s") as string,
        }) as unknown,
      }),
    );
    expect(clock.now()).toBe(START + 60_000);
  });

  it("is stopped when a person aborts, and instruments are made safe", async () => {
    const { runtime, clock, calls, madeSafe } = rig({ effect: "once", actions: 3, perform: untilAborted });
    clock.at(START + 5000, () => runtime.request({ request: "abort", by: "ada" }));
    expect(await runtime.ended).toMatchObject({ event: { reason: "aborted by a person" } });
    expect([clock.now(), calls.length, madeSafe()]).toEqual([START + 5000, 1, 1]);
  });

  it("is waited for when a person stops the campaign", async () => {
    let finish: (outcome: Outcome) => void = () => {};
    const { runtime, calls, madeSafe } = rig({ perform: () => new Promise((resolve) => (finish = resolve)) });
    while (calls.length === 0) await rest();
    runtime.request({ request: "stop", by: "ada" });
    expect(madeSafe()).toBe(0);
    finish({ kind: "done", readings: { y: 1 } });
    expect(await runtime.ended).toMatchObject({ event: { reason: "stopped by a person", experiments: 1 } });
    expect(madeSafe()).toBe(1);
  });
});

describe("a reading", () => {
  it("that is no number makes the measurement unusable, in the journal and when it is read back", async () => {
    const { runtime, events } = rig({
      actions: 2,
      perform: async ({ key }) => ({ kind: "done", readings: { y: key === "1.1" ? 1 : Number.NaN } }),
    });
    await runtime.ended;
    const finished = events().filter(({ type }) => type === "action.finished");
    expect(finished).toMatchObject([
      { readings: { y: 1 } },
      { readings: {}, flags: ['unusable reading "y"'] },
    ]);
    expect(events()).toContainEqual(
      expect.objectContaining({ type: "measurement.recorded", unusable: ['unusable reading "y"'] }),
    );
  });
});

describe("a review that waits for a person's approval", () => {
  const rule = { kind: "first experiment", name: "first", why: "look at it" } as const;
  const place = { file: "lab.yaml", line: 1, column: 1 };

  /** A guard whose person answers nothing until the test does. */
  function waiting() {
    const questions: string[] = [];
    let say: (answer: "approve" | "refuse") => void = () => undefined;
    const guard = new Guard({
      rules: { ...NO_RULES, approval: [{ ...rule, place }] },
      definition: benchDefinition({ experiments: 1, actions: 1, effect: "read" }).experiment,
      roles: {},
      instruments: {},
      clock: virtualTime(START),
      approve: (question) => {
        questions.push(question);
        return new Promise((resolve) => {
          say = (answer) => resolve({ answer, by: "ada" });
        });
      },
    });
    return { guard, questions, say: (answer: "approve" | "refuse") => say(answer) };
  }

  it("begins nothing before the answer, which is kept with who gave it", async () => {
    const { guard, questions, say } = waiting();
    const { runtime, calls, events } = rig({ guard });
    await rest();
    expect(questions).toHaveLength(1);
    expect(calls).toEqual([]);
    say("approve");
    expect(await runtime.ended).toMatchObject(concluded);
    expect(events().find(({ type }) => type === "experiment.reviewed")).toMatchObject({
      refused: [],
      approvals: [{ rule: "first", answer: "approve", by: "ada" }],
    });
  });

  it("is asked again by the process that goes on after a crash", async () => {
    const first = waiting();
    const { journal } = rig({ guard: first.guard });
    await rest();
    expect(first.questions).toHaveLength(1);
    const definition = benchDefinition({ experiments: 1, actions: 1, effect: "read" });
    const again = waiting();
    const loop = createLoop(definition);
    const { progress, outstanding } = await recover(loop, instantCompute(), NO_BELIEF, journal.entries);
    for (const entry of journal.entries) again.guard.observe(eventOf(entry));
    const runtime = new Runtime({
      loop,
      clock: virtualTime(START),
      journal,
      compute: instantCompute(),
      instruments: { detector: benchInstrument() },
      guard: again.guard,
      from: progress,
      ask: async () => "",
      onEntry: () => undefined,
    });
    void runtime.takeUp(outstanding);
    await rest();
    expect(again.questions).toEqual(first.questions);
    again.say("approve");
    expect(await runtime.ended).toMatchObject(concluded);
  });
});

describe("an action that goes on for much longer than it usually does", () => {
  /** Twenty durations of about a second. */
  const durations = Array.from({ length: 20 }, (_, i) => ({ took: 1000 + 10 * (i % 5), estimate: 0 }));

  /** The detector hangs until it is broken off, as often as is said, and is quick then. */
  function hanging(policy: OverduePolicy, given: Given & { readonly hangs: number }) {
    let left = given.hangs;
    const made: { clock?: Clock } = {};
    const rigged = rig({
      ...given,
      history: new History({
        roles: {},
        estimate: () => 0,
        learned: { durations: { "detector.read": durations, "detector.expose": durations }, runs: [] },
      }),
      suspicion: { overdue: { usual: policy, byAction: {} }, unlike: "note" },
      perform: async (_, signal) => {
        if (left-- <= 0) return { kind: "done", readings: { y: 1 } };
        await sleep(made.clock as Clock, 20_000, signal).catch(() => undefined);
        if (!signal.aborted) return { kind: "done", readings: { y: 1 } };
        const fault = { code: "instrument.aborted", message: "it was broken off" };
        return { kind: "failed", fault, effect: "none" };
      },
    });
    made.clock = rigged.clock;
    return rigged;
  }

  const typesOf = (events: readonly LoopEvent[]): string[] =>
    events.map(({ type }) => type).filter((type) => type.startsWith("action."));

  it("is only told of by default", async () => {
    const { runtime, events } = hanging("note", { hangs: 1 });
    await runtime.ended;
    expect(typesOf(events())).toEqual(["action.overdue", "action.finished"]);
    const overdue = events().find(({ type }) => type === "action.overdue");
    expect(overdue).toMatchObject({ instrument: "detector", usual: { median: 1020, n: 20 }, then: "note" });
    expect(overdue).toMatchObject({ after: expect.closeTo(2020, 0) });
  });

  it("is done again once, where the campaign says so", async () => {
    const { runtime, events, calls } = hanging("retry", { hangs: 1 });
    await runtime.ended;
    expect(typesOf(events())).toEqual(["action.overdue", "action.finished"]);
    expect(calls).toHaveLength(2);
    const twice = hanging("retry", { hangs: 2 });
    await twice.runtime.ended;
    expect(typesOf(twice.events())).toEqual(["action.overdue", "action.overdue", "action.finished"]);
    expect(twice.events().filter(({ type }) => type === "action.overdue")).toMatchObject([
      { then: "retry" },
      { then: "note" },
    ]);
  });

  it("fails, where the campaign or a person says so", async () => {
    for (const given of [
      { policy: "fail", answers: [] },
      { policy: "ask", answers: ["what?", "fail"] },
    ] as const) {
      const { runtime, events, asked } = hanging(given.policy, { hangs: 1, answers: given.answers });
      await runtime.ended;
      expect(typesOf(events())).toEqual(["action.overdue", "action.failed"]);
      expect(asked).toHaveLength(given.answers.length);
    }
  });

  it("is never broken off where it may not be repeated", async () => {
    const { runtime, events } = hanging("fail", { hangs: 1, effect: "once" });
    await runtime.ended;
    expect(typesOf(events())).toEqual(["action.overdue", "action.finished"]);
  });
});
