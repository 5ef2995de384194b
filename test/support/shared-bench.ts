import { type Random, randomStream } from "../../src/base/random.ts";
import { unitOf } from "../../src/base/unit.ts";
import type { Command, PerformCommand } from "../../src/loop/command.ts";
import type { LoopDefinition } from "../../src/loop/definition.ts";
import type { LoopEvent } from "../../src/loop/event.ts";
import { createLoop, type LoopState } from "../../src/loop/loop.ts";
import { measure } from "../../src/loop/measure.ts";
import type { Instruction } from "../../src/loop/plan.ts";
import type { Sharing } from "../../src/loop/sharing/sharing.ts";
import { oneParameterDefinition } from "./one-parameter.ts";
import { expression } from "./space.ts";

/** A lab that several experiments share, and what one of them does. */
export interface SharedBench {
  readonly plan: readonly Instruction[];
  readonly sharing: Sharing;
}

/** What came of a campaign on a shared bench. */
export interface SharedRun {
  /** Whether the campaign came to its end. */
  readonly concluded: boolean;
  readonly outcomes: readonly string[];
  /** What was used by more than there are of it, or by one that another experiment held. */
  readonly violations: readonly string[];
  /** Milliseconds. */
  readonly took: number;
  /** Experiments that were under way at once, at most. */
  readonly most: number;
}

/** How a bench is run. */
export interface RunOptions {
  readonly seed: number;
  readonly experiments: number;
  /** Chance that an action fails and does nothing. */
  readonly failing?: number;
  /** Least and greatest share of its expected duration that an action takes. */
  readonly spread?: readonly [number, number];
  /** Whether the state is written down as text and read again after every event, as it is when a process dies. */
  readonly forgets?: boolean;
}

const START = Date.UTC(2030, 0, 1);

/** Runs a campaign with the pure machines alone: each effect takes its time, and nothing else happens. */
export function runShared(bench: SharedBench, options: RunOptions): SharedRun {
  return new Run(bench, options).run();
}

/** A campaign of so many experiments on a shared bench. */
function definitionOf({ plan, sharing }: SharedBench, experiments: number): LoopDefinition {
  const usual = oneParameterDefinition(plan);
  return {
    ...usual,
    experiment: { ...usual.experiment, ...(sharing.atOnce > 1 && { sharing }) },
    measurements: [{ name: "y", expression: expression("x"), unit: unitOf("1") }],
    budget: { experiments, consumables: [] },
    failuresInARow: Number.MAX_SAFE_INTEGER,
  };
}

/** What an instruction is expected to take, in ms. */
function expectedDuration(instruction: Instruction | undefined): number {
  return instruction?.kind === "action" ? instruction.step.within / 2 : 0;
}

class Run {
  readonly #bench: SharedBench;
  readonly #options: RunOptions;
  readonly #definition: LoopDefinition;
  readonly #random: Random;
  readonly #due: { at: number; order: number; event: () => LoopEvent }[] = [];
  readonly #underWay = new Map<string, PerformCommand>();
  readonly #violations = new Set<string>();
  readonly #outcomes: string[] = [];
  #order = 0;
  #now = START;
  #most = 0;
  #state: LoopState;

  constructor(bench: SharedBench, options: RunOptions) {
    this.#bench = bench;
    this.#options = options;
    this.#definition = definitionOf(bench, options.experiments);
    this.#random = randomStream(options.seed, 0, "shared bench");
    this.#state = createLoop(this.#definition).begin();
  }

  run(): SharedRun {
    const loop = createLoop(this.#definition);
    let event: LoopEvent | undefined = {
      type: "campaign.started",
      name: "shared",
      seed: 1,
      mode: "virtual",
      files: {},
    };
    let concluded = false;
    while (event !== undefined) {
      if ("command" in event) this.#underWay.delete(event.command);
      const stepped = loop.step(this.#state, event, this.#now);
      this.#state = this.#options.forgets
        ? (JSON.parse(JSON.stringify(stepped.state)) as LoopState)
        : stepped.state;
      this.#outcomes.push(...stepped.ended.map(({ outcome }) => outcome));
      for (const command of stepped.commands) this.#begin(command);
      this.#check();
      concluded ||= event.type === "campaign.concluded";
      event = this.#next();
    }
    return {
      concluded,
      outcomes: this.#outcomes,
      violations: [...this.#violations],
      took: this.#now - START,
      most: this.#most,
    };
  }

  #next(): LoopEvent | undefined {
    this.#due.sort((a, b) => a.at - b.at || a.order - b.order);
    const next = this.#due.shift();
    if (next === undefined) return undefined;
    this.#now = Math.max(this.#now, next.at);
    return next.event();
  }

  #begin(command: Command): void {
    if (command.kind === "perform") this.#underWay.set(command.id, command);
    const at =
      "until" in command ? command.until : "at" in command ? command.at : this.#now + this.#taking(command);
    this.#due.push({ at, order: this.#order++, event: () => this.#answer(command) });
  }

  #taking(command: Command): number {
    if (command.kind === "ask") return 1000;
    if (command.kind !== "perform") return 0;
    const [least, most] = this.#options.spread ?? [1, 1];
    return Math.round((command.within / 2) * (least + (most - least) * this.#random.uniform()));
  }

  #answer(command: Command): LoopEvent {
    const { id } = command;
    switch (command.kind) {
      case "decide": {
        const suggestion = {
          setting: { x: this.#random.uniform() },
          reasons: { method: "random", predicted: {}, perHypothesis: [] } as const,
        };
        return {
          type: "suggestion.made",
          command: id,
          decision: command.decision,
          suggestions: [suggestion],
        };
      }
      case "review": {
        const { plan } = this.#bench;
        const takes = Object.fromEntries(plan.map((each, at) => [at, expectedDuration(each)]));
        return {
          type: "experiment.reviewed",
          command: id,
          experiment: command.experiment,
          refused: [],
          takes,
        };
      }
      case "perform": {
        const about = {
          command: id,
          experiment: command.experiment,
          instrument: command.role,
          action: command.action,
          arguments: {},
        };
        const fails = this.#random.uniform() < (this.#options.failing ?? 0);
        return fails
          ? {
              type: "action.failed",
              ...about,
              fault: { code: "instrument.alarm", message: "stalled" },
              effect: "none",
            }
          : { type: "action.finished", ...about, readings: {} };
      }
      case "wait":
        return { type: "timer.elapsed", command: id, experiment: command.experiment };
      case "ask":
        return {
          type: "person.answered",
          command: id,
          experiment: command.experiment,
          text: command.text,
          answer: "done",
        };
      case "measure": {
        const context = this.#state.experiments[command.experiment]?.context;
        if (context === undefined) throw new Error("what is measured is not in flight");
        const measured = measure(this.#definition.measurements, context.procedure);
        return {
          type: "measurement.recorded",
          command: id,
          experiment: command.experiment,
          setting: context.setting,
          ...measured,
        };
      }
      case "update": {
        const report = { experiment: command.experiment, movements: [], evidence: [] };
        return {
          type: "belief.updated",
          command: id,
          experiment: command.experiment,
          report,
        } as unknown as LoopEvent;
      }
      case "open":
        return { type: "window.opened", command: id, until: null };
      case "close":
        return { type: "window.closing", command: id, ends: command.ends };
      case "look":
        return { type: "turn.due", command: id };
      case "lease":
        return { type: "lease.given", command: id };
      case "rest":
        return { type: "instruments.rested", command: id, states: {}, unknown: [] };
      case "park":
        return { type: "instruments.parked", command: id, states: {}, unknown: [] };
      case "conclude":
        return {
          type: "campaign.concluded",
          command: id,
          reason: "budget of experiments used",
          experiments: 0,
        };
    }
  }

  /** Looks at what is in use, whatever the machines think of it. */
  #check(): void {
    const { resources, instruments } = this.#bench.sharing;
    const all = Object.values(this.#state.experiments).map(({ context }) => context.procedure);
    this.#most = Math.max(this.#most, this.#state.campaign.context.performing.length);
    for (const { name, places } of resources) {
      const holders = all.flatMap(({ held, experiment }) =>
        held?.[name] === undefined ? [] : [{ experiment, place: held[name].place }],
      );
      const users = [...this.#underWay.values()].filter(({ role }) => (instruments[role] ?? role) === name);
      const others = users.filter(
        ({ experiment }) => !holders.some((each) => each.experiment === experiment),
      );
      if (holders.length + others.length > places.length) this.#violations.add(`${name} is used by too many`);
      if (new Set(holders.map(({ place }) => place)).size < holders.length)
        this.#violations.add(`a place of ${name} is held twice`);
      if (holders.some(({ place }) => !places.includes(place)))
        this.#violations.add(`${name} has no such place`);
    }
  }
}

/** A bench made up by chance: instruments, resources, and a procedure that nests holds, branches and conditions. */
export function randomBench(seed: number): SharedBench {
  return new Maker(randomStream(seed, 1, "shared bench")).bench();
}

const LONGEST_PLAN = 40;

class Maker {
  readonly #random: Random;
  readonly #plan: Instruction[] = [];
  #marks = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  bench(): SharedBench {
    const instruments = Array.from({ length: 1 + this.#random.integer(4) }, (_, i) => `i${i + 1}`);
    const others = Array.from({ length: this.#random.integer(3) }, (_, i) => `r${i + 1}`);
    const resources = [...instruments, ...others].map((name) => {
      const many = name.startsWith("r") || this.#random.uniform() < 0.2;
      const places = Array.from({ length: many ? 1 + this.#random.integer(3) : 1 }, (_, i) => i + 1);
      return { name, places };
    });
    this.#steps(
      instruments,
      resources.map(({ name, places }) => ({ name, places, numbered: false })),
      new Set(),
      0,
    );
    this.#plan.push({ kind: "end" });
    const atOnce = 2 + this.#random.integer(4);
    const roles = Object.fromEntries(instruments.map((name) => [name, name]));
    return { plan: this.#plan, sharing: { atOnce, resources, instruments: roles, seed: 1 } };
  }

  #steps(
    instruments: readonly string[],
    all: readonly Taken[],
    held: ReadonlySet<string>,
    depth: number,
  ): void {
    const count = 1 + this.#random.integer(4);
    for (let i = 0; i < count && this.#plan.length < LONGEST_PLAN; i++)
      this.#step(instruments, all, held, depth);
  }

  #step(
    instruments: readonly string[],
    all: readonly Taken[],
    held: ReadonlySet<string>,
    depth: number,
  ): void {
    const kind = depth > 3 ? 0 : this.#random.integer(9);
    if (kind < 3) return this.#action(instruments);
    if (kind === 3)
      return void this.#plan.push({
        kind: "wait",
        seconds: expression(String(this.#random.integer(60))),
        always: false,
      });
    if (kind === 4) return this.#parallel(instruments, all, held, depth);
    if (kind === 5) return this.#when(instruments, all, held, depth);
    if (kind === 6) return this.#dwell(instruments);
    this.#hold(instruments, all, held, depth);
  }

  #action(instruments: readonly string[]): void {
    const role = instruments[this.#random.integer(instruments.length)] as string;
    const within = 2000 * (1 + this.#random.integer(60));
    this.#plan.push({
      kind: "action",
      always: this.#random.uniform() < 0.2,
      step: { role, action: "a", effect: "end-state", arguments: {}, readings: {}, within },
    });
  }

  #hold(
    instruments: readonly string[],
    all: readonly Taken[],
    held: ReadonlySet<string>,
    depth: number,
  ): void {
    const free = all.filter(({ name }) => !held.has(name));
    const taken = free.filter(() => this.#random.uniform() < 0.5);
    if (taken.length === 0) return this.#action(instruments);
    const names = taken.map(({ name }) => name);
    const take = this.#plan.push({ kind: "take", resources: taken, to: 0 }) - 1;
    this.#steps(instruments, all, new Set([...held, ...names]), depth + 1);
    this.#plan[take] = {
      kind: "take",
      resources: taken,
      to: this.#plan.push({ kind: "give", resources: names }) - 1,
    };
  }

  #parallel(
    instruments: readonly string[],
    all: readonly Taken[],
    held: ReadonlySet<string>,
    depth: number,
  ): void {
    const fork = this.#plan.push({ kind: "fork", at: [] }) - 1;
    const over = this.#plan.push({ kind: "jump", to: 0 }) - 1;
    const at: number[] = [];
    const half = all.map(() => this.#random.integer(2));
    for (const branch of [0, 1]) {
      at.push(this.#plan.length);
      // Branches hold different things.
      this.#steps(
        instruments,
        all.filter((_, i) => half[i] === branch),
        held,
        depth + 1,
      );
      this.#plan.push({ kind: "end" });
    }
    this.#plan[fork] = { kind: "fork", at };
    this.#plan[over] = { kind: "jump", to: this.#plan.length };
  }

  #when(
    instruments: readonly string[],
    all: readonly Taken[],
    held: ReadonlySet<string>,
    depth: number,
  ): void {
    const unless = this.#plan.push({ kind: "end" }) - 1;
    this.#steps(instruments, all, held, depth + 1);
    this.#plan[unless] = { kind: "unless", condition: expression("x < 0.5"), to: this.#plan.length };
  }

  /** Two actions of which the second must not come too late. */
  #dwell(instruments: readonly string[]): void {
    const counter = 100 + this.#marks++;
    this.#action(instruments);
    this.#plan.push({ kind: "start deadline", counter, milliseconds: 0 });
    this.#plan.push({ kind: "before deadline", counter, what: "the next", by: 3_600_000 });
    this.#action(instruments);
  }
}

type Taken = Extract<Instruction, { kind: "take" }>["resources"][number];
