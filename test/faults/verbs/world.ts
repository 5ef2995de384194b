import { instantCompute, NO_BELIEF } from "../../../bench/loop/instant-lab.ts";
import { sleep } from "../../../src/base/clock.ts";
import { unitOf } from "../../../src/base/unit.ts";
import type { VirtualClock } from "../../../src/base/virtual-clock.ts";
import type { Call, Instrument, Outcome, Settlement } from "../../../src/instrument/contract/instrument.ts";
import type { ReadingInterlock } from "../../../src/lab/interlock/interlock.ts";
import { Supervisor } from "../../../src/lab/interlock/supervisor.ts";
import type { Progress } from "../../../src/lab/progress.ts";
import { recover } from "../../../src/lab/recover.ts";
import { Runtime } from "../../../src/lab/runtime.ts";
import { virtualTime } from "../../../src/lab/virtual-time.ts";
import type { DoubtPolicy } from "../../../src/loop/doubt.ts";
import type { LoopEvent, PersonRequest, TripAction } from "../../../src/loop/event.ts";
import { createLoop, type Loop } from "../../../src/loop/loop.ts";
import type { Effect, Instruction, Plan } from "../../../src/loop/plan.ts";
import type { CampaignJournal } from "../../../src/record/journal.ts";
import {
  EMPTY_HEAD,
  eventOf,
  type Head,
  type JournalEntry,
  link,
} from "../../../src/record/journal-entry.ts";
import { oneParameterDefinition } from "../../support/one-parameter.ts";
import { expression } from "../../support/space.ts";

const START = Date.UTC(2030, 0, 1, 18);
const ONE = unitOf("1");
const DEGREES = unitOf("degC");
const TEMPERATURE = "rig.temperature";
/** Largest dose that the plan may ask for; settings reach twice as far. */
export const MOST = 0.5;

/** Milliseconds that the actions of the rig take. */
const TAKES: Readonly<Record<string, number>> = { dose: 2000, heat: 1000, read: 500, rinse: 1000 };
const SAFE_TAKES = 2000;

function action(name: string, effect: Effect, always = false): Instruction {
  const x = { kind: "number", expression: expression("x"), unit: ONE, maximum: MOST } as const;
  const gives = name === "read" ? { as: "point", readings: { y: ONE } } : { readings: {} };
  const step = { role: "rig", action: name, effect, within: 30_000, ...gives };
  return { kind: "action", always, step: { ...step, arguments: name === "dose" ? { x } : {} } };
}

const PLAN: Plan = [
  action("heat", "end-state"),
  action("dose", "once"),
  { kind: "wait", seconds: expression("5"), always: false },
  { kind: "note", text: "look", confirm: true, always: false },
  action("read", "read"),
  action("read", "read"),
  action("rinse", "once", true),
];

/** The same in one of two vials, which the experiment gives back. */
const IN_VIALS: Plan = [
  { kind: "take", resources: [{ name: "vial", places: [1, 2], numbered: true }], to: PLAN.length + 1 },
  ...PLAN,
  { kind: "give", resources: ["vial"] },
];

const RESOURCES = [
  { name: "rig", places: [1] },
  { name: "vial", places: [1, 2] },
];

/** Something that happens to a campaign from outside. */
export type Incident =
  | { readonly kind: "request"; readonly request: PersonRequest }
  | { readonly kind: "temperature"; readonly celsius: number }
  | { readonly kind: "next action fails"; readonly effect: "none" | "unknown" }
  | { readonly kind: "the instrument forgets"; readonly forgets: boolean }
  | { readonly kind: "the process dies" };

/** How a lab and a campaign are set up. */
export interface Setup {
  readonly then: TripAction;
  readonly doubts: DoubtPolicy;
  readonly answers: readonly string[];
  /** Experiments that may be under way at a time. */
  readonly atOnce: number;
}

/** One life of the process that drives the campaign. */
interface Life {
  alive: boolean;
  readonly runtime: Runtime;
}

/** A rig whose physical effects outlive the processes that drive it, and what was done to it wrongly. */
export class World {
  readonly clock: VirtualClock = virtualTime(START);
  readonly loop: Loop;
  /** Entries that would be read back after a crash. */
  readonly durable: JournalEntry[] = [];
  /** What must never happen, in words. */
  readonly violations: string[] = [];
  /** How often each dose was begun, by command. */
  readonly begun: Map<string, number> = new Map();
  progress: Progress | undefined;
  /** What was asked for in which state, such as "pausing, tripped: skip". */
  readonly asked: string[] = [];
  trips = 0;
  lives = 0;
  readonly #setup: Setup;
  readonly #finished = new Map<string, "done" | "unknown">();
  #life: Life | undefined;
  #appended: JournalEntry[] = [];
  /** Actions of the rig under way, by command. */
  readonly #acting = new Set<string>();
  #celsius = 20;
  #fails: "none" | "unknown" | undefined;
  #forgets = false;
  #answered = 0;
  /** When an emergency asked for the safe state, until it was reached. */
  #urgentSince: number | undefined;
  #concluded: () => void = () => undefined;
  readonly concluded: Promise<void>;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.concluded = new Promise((resolve) => {
      this.#concluded = resolve;
    });
    const { atOnce } = setup;
    const usual = oneParameterDefinition(atOnce > 1 ? IN_VIALS : PLAN);
    const sharing = { atOnce, resources: RESOURCES, instruments: { rig: "rig" }, seed: 1 };
    this.loop = createLoop({
      ...usual,
      experiment: { ...usual.experiment, ...(atOnce > 1 && { sharing }) },
      failuresInARow: 9,
      doubts: { usual: setup.doubts, byAction: {} },
      atFailure: { usual: "ask", byAction: {} },
    });
  }

  /** Starts the campaign, and has everything happen at its time. */
  run(incidents: readonly { readonly after: number; readonly incident: Incident }[]): void {
    this.#begin({ state: this.loop.begin(), belief: NO_BELIEF, observed: {} });
    const started = { name: "walk", seed: 1, mode: "live", files: {} } as const;
    this.#life?.runtime.dispatch({ type: "campaign.started", ...started });
    let at = START;
    for (const { after, incident } of incidents) {
      at += after;
      this.clock.at(at, () => void this.#happen(incident));
    }
    this.clock.at(at + 1000, () => this.#wrapUp());
  }

  events(): LoopEvent[] {
    return this.durable.map(eventOf);
  }

  /** Whoever comes in the morning: cools, acknowledges, goes on and stops, until the campaign has ended. */
  #wrapUp(): void {
    this.#celsius = 20;
    for (const request of ["acknowledge", "resume", "stop"] as const) this.#request({ request, by: "eve" });
    this.clock.at(this.clock.now() + 60_000, () => this.#life && this.#wrapUp());
  }

  async #happen(incident: Incident): Promise<void> {
    switch (incident.kind) {
      case "request":
        return this.#request(incident.request);
      case "temperature":
        this.#celsius = incident.celsius;
        return;
      case "next action fails":
        this.#fails = incident.effect;
        return;
      case "the instrument forgets":
        this.#forgets = incident.forgets;
        return;
      case "the process dies":
        return this.#die();
    }
  }

  #request(request: PersonRequest): void {
    const repeated = request.request === "repeat" ? this.#latest() : undefined;
    const { mode, safety } = this.#state();
    this.asked.push(`${mode}, ${safety}: ${request.request}`);
    if (request.request === "abort" || request.request === "halt") this.#urgent();
    this.#life?.runtime.request({ ...request, ...(repeated && { repeated }) });
  }

  #state(): { readonly mode?: string; readonly safety?: string } {
    return this.#life?.runtime.progress().state.campaign.value ?? {};
  }

  #latest(): PersonRequest["repeated"] {
    const measured = this.events().filter((event) => event.type === "measurement.recorded");
    const last = measured.at(-1);
    return last?.type === "measurement.recorded"
      ? { experiment: last.experiment, setting: last.setting }
      : { experiment: 1, setting: { x: 0.1 } };
  }

  #urgent(): void {
    this.#urgentSince ??= this.clock.now();
  }

  async #die(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    life.alive = false;
    this.#urgentSince = undefined;
    // What a dead process would still do is refused by its journal, which ends it.
    life.runtime.dispatch({ type: "timer.elapsed", command: "none", experiment: 0 });
    const entries = [...this.durable];
    const compute = instantCompute();
    const recovered = await recover(this.loop, compute, NO_BELIEF, entries);
    this.#begin(recovered.progress);
    const inDoubt = recovered.outstanding.filter(({ kind }) => kind === "perform").map(({ id }) => id);
    this.#life?.runtime.dispatch({ type: "campaign.resumed", by: "ada", inDoubt });
    void this.#life?.runtime.takeUp(recovered.outstanding);
  }

  #begin(from: Progress): void {
    this.lives += 1;
    this.#appended = [...this.durable];
    const life: { alive: boolean; runtime?: Runtime } = { alive: true };
    const instrument = this.#instrument(life);
    const trips = new Supervisor({
      interlocks: [hot(this.#setup.then)],
      instruments: { rig: instrument },
      roles: {},
      clock: this.clock,
      standsStill: false,
      trip: (event) => {
        if (!life.alive) return;
        this.trips += 1;
        if (event.then === "abort") this.#urgent();
        life.runtime?.dispatch(event);
      },
    });
    const runtime = new Runtime({
      loop: this.loop,
      clock: this.clock,
      journal: this.#journal(life),
      compute: instantCompute(),
      instruments: { rig: instrument },
      from,
      supervisor: trips,
      onEntry: () => undefined,
      ask: (text, _, answers) => this.#answer(text, answers),
    });
    life.runtime = runtime;
    this.#life = life as Life;
    void runtime.ended.then((end) => {
      if (!life.alive) return;
      if (end.kind === "broken") this.violations.push(`it broke: ${end.fault.message}`);
      this.progress = runtime.progress();
      this.#life = undefined;
      this.#concluded();
    });
  }

  async #answer(text: string, answers: readonly string[] | undefined): Promise<string> {
    await sleep(this.clock, 700);
    if (answers === undefined) return "done";
    const given = this.#setup.answers[this.#answered++ % this.#setup.answers.length] ?? "";
    return answers.includes(given) ? given : `${text}?`;
  }

  /** A journal whose entries are durable a turn of the event loop later, in order, and refused once its process is dead. */
  #journal(life: { readonly alive: boolean }): CampaignJournal {
    let head: Head = this.durable.at(-1) ?? EMPTY_HEAD;
    let last: Promise<void> = Promise.resolve();
    return {
      key: "walk",
      head: () => head,
      append: (now, event, commands) => {
        if (!life.alive) throw new Error("fenced");
        const entry = link(head, now, event, commands);
        head = entry;
        this.#appended.push(entry);
        if (event.type === "instruments.parked") this.#parked();
        const committed = last.then(
          () =>
            new Promise<void>((resolve, reject) => {
              setImmediate(() => {
                if (!life.alive) return reject(new Error("fenced"));
                this.durable.push(entry);
                resolve();
              });
            }),
        );
        last = committed.catch(() => undefined);
        return { entry, committed };
      },
    };
  }

  #parked(): void {
    const took = this.clock.now() - (this.#urgentSince ?? this.clock.now());
    if (took > SAFE_TAKES + TELLING) this.violations.push(`it took ${took} ms until the safe state`);
    this.#urgentSince = undefined;
  }

  #instrument(life: { readonly alive: boolean }): Instrument {
    const never = new Promise<never>(() => undefined);
    return {
      identity: { model: "rig" },
      declaration: { title: "rig", properties: {}, actions: {} } as never,
      perform: async (call, signal) => {
        if (!life.alive) return never;
        const outcome = await this.#perform(call, signal);
        return life.alive ? outcome : never;
      },
      settle: async ({ key }) => (life.alive ? this.#settle(key) : never),
      read: async () => ({ kind: "value", value: this.#celsius }),
      estimate: () => 0,
      check: async () => ({ kind: "ok" }),
      makeSafe: async () => {
        await sleep(this.clock, SAFE_TAKES);
        return life.alive ? { kind: "safe", state: {} } : never;
      },
      close: async () => undefined,
    };
  }

  #settle(key: string): Settlement {
    if (this.#forgets) return { kind: "unknown", why: "it forgot" };
    const known = this.#finished.get(key);
    if (known === undefined) return { kind: "not done" };
    return known === "done" ? { kind: "done", readings: {} } : { kind: "unknown", why: "it was broken off" };
  }

  async #perform({ action: name, arguments: given, key }: Call, signal: AbortSignal): Promise<Outcome> {
    const failed = (effect: "none" | "unknown"): Outcome => {
      return { kind: "failed", fault: { code: "instrument.aborted", message: "broken off" }, effect };
    };
    if (signal.aborted) return failed("none");
    this.#mayBegin(name, given);
    const fails = this.#fails;
    this.#fails = undefined;
    if (fails === "none") return failed("none");
    const once = name === "dose" || name === "rinse";
    if (once) {
      this.begun.set(key, (this.begun.get(key) ?? 0) + 1);
      this.#finished.set(key, "unknown");
    }
    this.#acting.add(key);
    if (this.#acting.size > 1) this.violations.push(`${name} began while the rig was at work`);
    const aborted = await sleep(this.clock, TAKES[name] as number, signal).then(
      () => false,
      () => true,
    );
    this.#acting.delete(key);
    if (aborted || fails === "unknown") return failed(once ? "unknown" : "none");
    if (once) this.#finished.set(key, "done");
    return { kind: "done", readings: name === "read" ? { y: 1 } : {} };
  }

  /** Judged by the journal alone: nothing begins between a trip and its acknowledgement, nor once everything is to be safe. */
  #mayBegin(name: string, given: Call["arguments"]): void {
    const events = this.#appended.map(eventOf);
    const last = (is: (event: LoopEvent) => boolean): number => events.findLastIndex(is);
    const halted = (event: LoopEvent): boolean =>
      event.type === "interlock.tripped" || (event.type === "person.requested" && event.request === "halt");
    const acknowledged = (event: LoopEvent): boolean =>
      event.type === "person.requested" && event.request === "acknowledge";
    if (last(halted) > last(acknowledged)) this.violations.push(`${name} began after a trip`);
    if (events.some((event) => isUrgent(event) || event.type === "instruments.parked"))
      this.violations.push(`${name} began after everything was to be safe`);
    if (Number(given["x"] ?? 0) > MOST) this.violations.push(`${name} began outside its envelope`);
    if (this.#state().mode === "paused") this.violations.push(`${name} began while paused`);
  }
}

/** Milliseconds that events may need to be taken one after the other. */
const TELLING = 50;

function isUrgent(event: LoopEvent): boolean {
  return (
    (event.type === "interlock.tripped" && event.then === "abort") ||
    (event.type === "person.requested" && (event.request === "abort" || event.request === "halt"))
  );
}

function hot(then: TripAction): ReadingInterlock {
  return {
    kind: "reading",
    name: "hot",
    watch: {
      text: TEMPERATURE,
      expression: expression(TEMPERATURE),
      properties: [{ name: TEMPERATURE, instrument: "rig", property: "temperature", unit: DEGREES }],
    },
    conditions: [{ kind: "above", limit: 90 + 273.15, hysteresis: 5, text: "above 90 degC" }],
    every: 1000,
    stale: 10_000,
    then,
  };
}
