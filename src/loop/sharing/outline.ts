import { evaluate, evaluateValue, type Value } from "../../base/expression/evaluate.ts";
import { type Expression, namesIn } from "../../base/expression/expression.ts";
import type { Activity, Holding } from "../../experiment/timetable/task.ts";
import type { Instruction, Plan } from "../plan.ts";
import type { ProcedureState, Thread } from "../procedure-state.ts";
import { blockNeeds } from "./block-needs.ts";
import { instrumentOf, resourceIndex, type Sharing } from "./sharing.ts";

/** What is left of an experiment, as activities of a timetable. */
export interface Outline {
  readonly activities: readonly Activity[];
  /** The instruction of each activity. */
  readonly instructions: readonly number[];
  /** The activity that each thread which waits for its turn begins next, by the thread's id. */
  readonly next: ReadonlyMap<string, number>;
  readonly holdings: readonly Holding[];
}

/** What an outline is made from. */
export interface OutlineInput {
  readonly plan: Plan;
  readonly sharing: Sharing;
  readonly state: ProcedureState;
  /** Number of the job. */
  readonly job: number;
  /** Index of the first activity. */
  readonly first: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Activities that are looked ahead; what comes behind them is planned when it comes nearer. */
const MOST_ACTIVITIES = 120;

/** Instructions that are gone through. */
const MOST_INSTRUCTIONS = 5000;

/** Share of its expected duration, and milliseconds at least, that an action is expected to go on when it is too late. */
const EXCESS = 0.1;
const LEAST_EXCESS = 1000;

/** Milliseconds that a person is expected to take for an answer. */
const ANSWER = 60_000;

/**
 * Goes ahead through what is left of an experiment, as it will be if nothing fails: of what readings decide, the condition
 * holds, and a loop is gone through once.
 */
export function outline(input: OutlineInput): Outline {
  return new Outliner(input).result();
}

/** What comes next must not begin later. */
interface Bound {
  readonly noLater?: NonNullable<Activity["noLater"]>;
  readonly latest?: number;
}

class Outliner {
  readonly #input: OutlineInput;
  readonly #activities: Activity[] = [];
  readonly #instructions: number[] = [];
  readonly #next = new Map<string, number>();
  readonly #values: Map<string, Value | undefined>;
  readonly #counters: Map<number, number>;
  /** Activities at whose ends marks are set. */
  readonly #marks = new Map<number, number>();
  readonly #held: Set<string>;
  #left = MOST_INSTRUCTIONS;

  constructor(input: OutlineInput) {
    const { state } = input;
    this.#input = input;
    this.#values = new Map(Object.entries(state.values));
    this.#counters = new Map(Object.entries(state.counters).map(([name, value]) => [Number(name), value]));
    this.#held = new Set(Object.keys(state.held ?? {}));
  }

  result(): Outline {
    const { state, job, plan } = this.#input;
    const holdings = Object.keys(state.held ?? {}).map((name) => ({ job, resource: this.#resource(name) }));
    const roots = state.threads.filter((thread) => !this.#hasParent(thread));
    const over = roots.flatMap((thread) => this.#thread(thread));
    // What isn't looked at any more gives everything back at its end.
    if (this.#held.size > 0)
      this.#add(plan.length, over, { duration: 0, uses: [], gives: this.#indices([...this.#held]) });
    return { activities: this.#activities, instructions: this.#instructions, next: this.#next, holdings };
  }

  #hasParent({ parent }: Thread): boolean {
    return this.#input.state.threads.some(({ id }) => id === parent);
  }

  /** @returns the activities that have to be over when the thread has come to its end */
  #thread(thread: Thread): readonly number[] {
    const { state } = this.#input;
    const { at, waiting } = thread;
    switch (waiting.kind) {
      case "command":
        return this.#walk(at + 1, [this.#underWay(at, waiting.ends)]);
      case "threads": {
        const branches = state.threads.filter(({ parent }) => parent === thread.id);
        const over = branches.flatMap((branch) => this.#thread(branch));
        // The thread of a clean-up stands where it goes on; another one in front of its branches.
        return this.#walk(this.#input.plan[at]?.kind === "fork" ? at + 1 : at, over);
      }
      case "turn":
        this.#next.set(thread.id, this.#input.first + this.#activities.length);
        return this.#walk(at, []);
      case "nothing":
        return this.#walk(at, []);
    }
  }

  #underWay(at: number, ends = 0): number {
    const { now, plan, state } = this.#input;
    const instruction = plan[at];
    const left = ends - now;
    return this.#add(at, [], {
      // What should be over by now is given some more time, again and again.
      duration: left > 0 ? left : Math.max(LEAST_EXCESS, EXCESS * (state.takes?.[at] ?? 0)),
      uses: instruction?.kind === "action" ? this.#uses(instruction.step.role) : [],
      begun: now,
    });
  }

  #add(at: number, after: readonly number[], activity: Omit<Activity, "job" | "after">): number {
    const { job, first } = this.#input;
    this.#instructions.push(at);
    return first + this.#activities.push({ job, after, ...activity }) - 1;
  }

  #resource(name: string): number {
    return resourceIndex(this.#input.sharing, name);
  }

  #indices(names: readonly string[]): number[] {
    return names.map((name) => this.#resource(name));
  }

  /** The instrument, unless the experiment holds it anyhow. */
  #uses(role: string): number[] {
    const name = instrumentOf(this.#input.sharing, role);
    return this.#held.has(name) ? [] : [this.#resource(name)];
  }

  /** Goes on from a place to the end of its branch. */
  #walk(from: number, after: readonly number[]): readonly number[] {
    let over = after;
    let bound: Bound = {};
    for (let at = from; this.#goesOn(); ) {
      const instruction = this.#input.plan[at];
      if (instruction === undefined || (instruction.kind === "end" && !this.#cleansUp())) return over;
      if (instruction.kind === "end" || this.#isLeftOut(instruction)) {
        at = instruction.kind === "take" ? instruction.to + 1 : at + 1;
        continue;
      }
      if (instruction.kind === "before deadline") bound = this.#bound(instruction);
      const done = this.#activity(instruction, at, over, bound);
      if (done !== undefined) {
        over = [done];
        bound = {};
      } else if (instruction.kind === "fork")
        over = instruction.at.flatMap((branch) => this.#walk(branch, over));
      else if (instruction.kind === "start deadline") over = this.#mark(instruction, at, over);
      at = this.#following(instruction, at);
    }
    return over;
  }

  #goesOn(): boolean {
    this.#left -= 1;
    return this.#left > 0 && this.#activities.length < MOST_ACTIVITIES;
  }

  #cleansUp(): boolean {
    return this.#input.state.failure !== null;
  }

  /** After a failure only what cleans up is done. */
  #isLeftOut(instruction: Instruction): boolean {
    if (!this.#cleansUp() || instruction.kind === "give") return false;
    return !("always" in instruction && instruction.always);
  }

  /** What an instruction does that takes time or changes what is held; undefined where it does nothing of that. */
  #activity(
    instruction: Instruction,
    at: number,
    after: readonly number[],
    bound: Bound,
  ): number | undefined {
    switch (instruction.kind) {
      case "action": {
        const { step } = instruction;
        if (step.as !== undefined)
          for (const name of Object.keys(step.readings)) this.#values.set(`${step.as}.${name}`, undefined);
        const duration = this.#input.state.takes?.[at] ?? 0;
        return this.#add(at, after, { duration, uses: this.#uses(step.role), ...bound });
      }
      case "wait":
        return this.#add(at, after, {
          duration: this.#seconds(instruction.seconds) * 1000,
          uses: [],
          ...bound,
        });
      case "note":
        if (!instruction.confirm) return undefined;
        return this.#add(at, after, { duration: instruction.terms?.otherwise?.after ?? ANSWER, uses: [] });
      case "take":
        return this.#take(instruction, at, after);
      case "give":
        for (const name of instruction.resources) this.#held.delete(name);
        return this.#add(at, after, { duration: 0, uses: [], gives: this.#indices(instruction.resources) });
      default:
        return undefined;
    }
  }

  #take(
    { resources }: Extract<Instruction, { kind: "take" }>,
    at: number,
    after: readonly number[],
  ): number | undefined {
    const names = resources.map(({ name }) => name).filter((name) => !this.#held.has(name));
    for (const name of names) this.#held.add(name);
    if (names.length === 0) return undefined;
    const { plan, sharing } = this.#input;
    const mayNeed = blockNeeds(plan, sharing, at);
    return this.#add(at, after, { duration: 0, uses: [], takes: this.#indices(names), mayNeed });
  }

  #bound({ counter, by }: Extract<Instruction, { kind: "before deadline" }>): Bound {
    if (by === undefined) return {};
    const than = this.#marks.get(counter);
    if (than !== undefined) return { noLater: { than, by } };
    const marked = this.#counters.get(counter);
    return marked === undefined ? {} : { latest: marked + by };
  }

  #mark(
    { counter }: Extract<Instruction, { kind: "start deadline" }>,
    at: number,
    after: readonly number[],
  ): readonly number[] {
    const mark = after.length === 1 ? (after[0] as number) : this.#add(at, after, { duration: 0, uses: [] });
    this.#marks.set(counter, mark);
    return [mark];
  }

  /** Where it goes on behind an instruction. */
  #following(instruction: Instruction, at: number): number {
    switch (instruction.kind) {
      case "jump":
        return instruction.to;
      case "unless":
        return this.#valueOf(instruction.condition) === 0 ? instruction.to : at + 1;
      case "compute":
        this.#values.set(instruction.name, this.#valueOf(instruction.expression));
        return at + 1;
      case "count": {
        const times = this.#valueOf(instruction.times);
        this.#counters.set(instruction.counter, typeof times === "number" ? Math.round(times) : 1);
        return at + 1;
      }
      case "while counting": {
        const left = this.#counters.get(instruction.counter) ?? 0;
        this.#counters.set(instruction.counter, left - 1);
        return left > 0 ? instruction.to : at + 1;
      }
      default:
        return at + 1;
    }
  }

  #seconds(expression: Expression): number {
    const seconds = this.#known(expression) ? evaluate(expression, (name) => this.#values.get(name)) : 0;
    return seconds >= 0 && seconds < Infinity ? seconds : 0;
  }

  #known(expression: Expression): boolean {
    return namesIn(expression).every((name) => this.#values.get(name) !== undefined);
  }

  #valueOf(expression: Expression): Value | undefined {
    return this.#known(expression) ? evaluateValue(expression, (name) => this.#values.get(name)) : undefined;
  }
}
