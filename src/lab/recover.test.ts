import { describe, expect, it } from "vitest";
import { benchDefinition, benchInstrument, instantCompute, NO_BELIEF } from "../../bench/loop/instant-lab.ts";
import { unitOf } from "../base/unit.ts";
import type { Call, Instrument, Settlement } from "../instrument/contract/instrument.ts";
import type { Command } from "../loop/command.ts";
import type { LoopEvent } from "../loop/event.ts";
import { createLoop, type Loop } from "../loop/loop.ts";
import type { Effect, Instruction } from "../loop/plan.ts";
import type { CampaignJournal } from "../record/journal.ts";
import {
  commandsOf,
  EMPTY_HEAD,
  eventOf,
  type Head,
  type JournalEntry,
  link,
} from "../record/journal-entry.ts";
import type { Compute } from "./compute/compute.ts";
import type { Progress } from "./progress.ts";
import { type Recovered, recover } from "./recover.ts";
import { Runtime } from "./runtime.ts";
import { virtualTime } from "./virtual-time.ts";

const START = Date.UTC(2030, 0, 1, 18);
const WAIT = 2000;

function action(effect: Effect): Instruction {
  const { plan } = benchDefinition({ experiments: 1, actions: 1, effect }).experiment;
  return plan.find(({ kind }) => kind === "action") as Instruction;
}

/** Three experiments, each of which exposes, waits and reads. */
function threeExperiments(): Loop {
  const usual = benchDefinition({ experiments: 3, actions: 1, effect: "read" });
  const seconds = { kind: "number", at: 0, value: WAIT / 1000, unit: unitOf("s") } as const;
  const plan = [action("once"), { kind: "wait", seconds, always: false } as const, action("read")];
  return createLoop({ ...usual, experiment: { ...usual.experiment, plan } });
}

/** Learns by keeping what was observed. */
function rememberingCompute(): Compute {
  return {
    ...instantCompute(),
    update: async ({ belief, observation }) => ({
      belief: { ...belief, observations: [...belief.observations, observation] },
      report: { experiment: observation.experiment, movements: [] },
    }),
  };
}

function memoryJournal(from: readonly JournalEntry[] = []): CampaignJournal & { entries: JournalEntry[] } {
  const entries = [...from];
  const head = (): Head => entries.at(-1) ?? EMPTY_HEAD;
  return {
    key: "in memory",
    entries,
    head,
    append: (now, event, commands) => {
      const entry = link(head(), now, event, commands);
      entries.push(entry);
      return { entry, committed: Promise.resolve() };
    },
  };
}

interface Lab {
  readonly detector: Instrument;
  readonly performed: Call[];
  readonly settled: Call[];
}

/** An instrument that notes what it is asked for; its second experiment's reading fails. */
function lab(settlement: Settlement = { kind: "not done" }): Lab {
  const [performed, settled]: [Call[], Call[]] = [[], []];
  const detector: Instrument = {
    ...benchInstrument(),
    perform: async (call) => {
      performed.push(call);
      const fault = { code: "instrument.alarm", message: "no light" };
      if (call.key === "2.3") return { kind: "failed", fault, effect: "none" };
      return { kind: "done", readings: { y: 0.1 * performed.length } };
    },
    settle: async (call) => {
      settled.push(call);
      return settlement;
    },
  };
  return { detector, performed, settled };
}

interface Went {
  readonly entries: readonly JournalEntry[];
  /** The runtime's progress behind each entry. */
  readonly progress: readonly Progress[];
}

/** Runs the campaign from its beginning, without interruption. */
async function runThrough(): Promise<Went> {
  const loop = threeExperiments();
  const journal = memoryJournal();
  const progress: Progress[] = [];
  const runtime: Runtime = new Runtime({
    loop,
    clock: virtualTime(START),
    journal,
    compute: rememberingCompute(),
    instruments: { detector: lab().detector },
    from: { state: loop.begin(), belief: NO_BELIEF, observed: {} },
    ask: async () => "",
    onEntry: () => {},
    onState: () => progress.push(runtime.progress()),
  });
  runtime.dispatch({ type: "campaign.started", name: "three", seed: 1, mode: "live", files: {} });
  expect(await runtime.ended).toMatchObject({ kind: "concluded", event: { experiments: 3 } });
  return { entries: journal.entries, progress };
}

const fold = (entries: readonly JournalEntry[], from?: Recovered): Promise<Recovered> =>
  recover(threeExperiments(), rememberingCompute(), NO_BELIEF, entries, from);

const copy = <T>(plain: T): T => JSON.parse(JSON.stringify(plain)) as T;

/** Commands of the entries that no entry answers. */
function unanswered(entries: readonly JournalEntry[]): Command[] {
  const answered = new Set(entries.map(eventOf).map((event) => ("command" in event ? event.command : "")));
  return entries.flatMap(commandsOf).filter(({ id }) => !answered.has(id));
}

describe("recovery", () => {
  it("gives the runtime's state and what has no result, wherever the journal ends", async () => {
    const { entries, progress } = await runThrough();
    expect(progress).toHaveLength(entries.length);
    for (let end = 1; end <= entries.length; end++) {
      const recovered = await fold(entries.slice(0, end));
      expect(copy(recovered.progress)).toEqual(copy(progress[end - 1]));
      expect(recovered.outstanding).toEqual(unanswered(entries.slice(0, end)));
    }
    const { observations } = (progress.at(-1) as Progress).belief;
    expect(observations.map(({ outcome }) => outcome.kind)).toEqual(["measured", "failed", "measured"]);
  });

  it("gives the same from a snapshot, wherever it was made", async () => {
    const { entries } = await runThrough();
    const whole = await fold(entries);
    for (let end = 1; end < entries.length; end++) {
      const snapshot = copy(await fold(entries.slice(0, end)));
      expect(copy(await fold(entries.slice(end), snapshot))).toEqual(copy(whole));
    }
  });
});

/** Takes the campaign up behind entries, with another process's instrument. */
async function resume(
  entries: readonly JournalEntry[],
  settlement?: Settlement,
  later = 0,
): Promise<
  Lab & { readonly outstanding: readonly Command[]; readonly events: LoopEvent[]; readonly now: number }
> {
  const { progress, outstanding } = await fold(entries);
  const journal = memoryJournal(entries);
  const clock = virtualTime(Date.parse((entries.at(-1) as JournalEntry).time) + later);
  const reopened = lab(settlement);
  const runtime = new Runtime({
    loop: threeExperiments(),
    clock,
    journal,
    compute: rememberingCompute(),
    instruments: { detector: reopened.detector },
    from: progress,
    ask: async () => "",
    onEntry: () => {},
  });
  runtime.dispatch({ type: "campaign.resumed", by: "ada", inDoubt: outstanding.map(({ id }) => id) });
  await runtime.takeUp(outstanding);
  expect((await runtime.ended).kind).toBe("concluded");
  expect(unanswered(journal.entries)).toEqual([]);
  return { ...reopened, outstanding, events: journal.entries.map(eventOf), now: clock.now() };
}

/** The journal up to the entry that asks for a command. */
async function until(id: string): Promise<readonly JournalEntry[]> {
  const { entries } = await runThrough();
  const at = entries.findIndex((entry) => commandsOf(entry).some((command) => command.id === id));
  expect(at).toBeGreaterThan(0);
  return entries.slice(0, at + 1);
}

const keys = (calls: readonly Call[]): string[] => calls.map(({ key }) => key);
const reasonOf = (events: readonly LoopEvent[]): unknown => {
  const last = events.at(-1);
  return last?.type === "campaign.concluded" ? [last.reason, last.experiments] : last?.type;
};
const WHOLE = ["budget of experiments used", 3];

describe("a command whose result was lost", () => {
  it("is done again when it is a read", async () => {
    const resumed = await resume(await until("1.3"));
    expect(resumed.outstanding.map(({ id }) => id)).toEqual(["1.3"]);
    expect(keys(resumed.settled)).toEqual([]);
    expect(keys(resumed.performed).slice(0, 2)).toEqual(["1.3", "2.1"]);
    expect(reasonOf(resumed.events)).toEqual(WHOLE);
  });

  it("that may not be repeated is not done again when the instrument says that it was done", async () => {
    const resumed = await resume(await until("1.1"), { kind: "done", readings: { y: 7 } });
    expect(keys(resumed.settled)).toEqual(["1.1"]);
    expect(keys(resumed.performed)).toEqual(["1.3", "2.1", "2.3", "3.1", "3.3"]);
    expect(resumed.events).toContainEqual(
      expect.objectContaining({ type: "action.finished", command: "1.1", readings: { y: 7 } }),
    );
    expect(reasonOf(resumed.events)).toEqual(WHOLE);
  });

  it("that may not be repeated is done when the instrument says that it was not", async () => {
    const resumed = await resume(await until("1.1"), { kind: "not done" });
    expect(keys(resumed.settled)).toEqual(["1.1"]);
    expect(keys(resumed.performed)).toEqual(["1.1", "1.3", "2.1", "2.3", "3.1", "3.3"]);
    expect(reasonOf(resumed.events)).toEqual(WHOLE);
  });

  it("that may not be repeated is journaled as unknown when the instrument can't tell, and ends the campaign", async () => {
    const resumed = await resume(await until("1.1"), { kind: "unknown", why: "it was switched off" });
    expect(keys(resumed.performed)).toEqual([]);
    const failed = resumed.events.find((event) => event.type === "action.failed");
    expect(failed).toMatchObject({
      command: "1.1",
      effect: "unknown",
      fault: { code: "instrument.outcome-unknown" },
    });
    expect(failed?.fault.message).toContain("it was switched off");
    expect(reasonOf(resumed.events)).toEqual(["outcome unknown", 1]);
  });

  it("is settled by the same call as it was made by", async () => {
    const entries = await until("2.1");
    const [command] = unanswered(entries);
    const { settled } = await resume(entries);
    expect(settled).toEqual([
      {
        action: "expose",
        key: "2.1",
        arguments: command?.kind === "perform" ? command.arguments : undefined,
      },
    ]);
  });

  it.each([
    [0, WAIT],
    [1500, 500],
    [5000, 0],
  ])("is taken up when it is a wait: %d ms later it lasts %d ms", async (later, lasts) => {
    const entries = await until("3.2");
    const resumed = await resume(entries, undefined, later);
    const asked = Date.parse((entries.at(-1) as JournalEntry).time);
    expect(resumed.now).toBe(asked + later + lasts);
    expect(reasonOf(resumed.events)).toEqual(WHOLE);
  });

  it("leaves nothing undone or done twice, wherever the journal ended", async () => {
    const { entries } = await runThrough();
    for (let end = 1; end < entries.length; end++) {
      const before = entries.slice(0, end).flatMap((entry) => {
        const event = eventOf(entry);
        return event.type === "action.finished" || event.type === "action.failed" ? [event.command] : [];
      });
      const { performed, events } = await resume(entries.slice(0, end));
      expect([...before, ...keys(performed)]).toEqual(["1.1", "1.3", "2.1", "2.3", "3.1", "3.3"]);
      expect(reasonOf(events)).toEqual(WHOLE);
    }
  });
});
