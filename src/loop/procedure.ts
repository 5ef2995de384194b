import { evaluate, evaluateValue, type Value } from "../base/expression/evaluate.ts";
import type { Fault } from "../base/fault.ts";
import { fromSi, tidy } from "../base/unit.ts";
import type { Command } from "./command.ts";
import type { ActionStep, Argument, Instruction, Plan, TakenResource } from "./plan.ts";
import type { HeldResource, ProcedureState, Thread, Turn } from "./procedure-state.ts";

/** A procedure one step on, and what it asks for. */
export interface Advanced {
  readonly state: ProcedureState;
  readonly commands: readonly Command[];
}

/** The thread that does what is left to clean up after a failure. */
const CLEAN_UP = "clean-up";

/** Instructions that one event may run; a loop that neither waits nor acts is a mistake in the procedure. */
const MOST_INSTRUCTIONS = 100_000;

/**
 * Runs every thread until it waits for a command or ends.
 *
 * @param plan - the procedure
 * @param state - where it stands
 * @param now - milliseconds since 1970
 * @param inTurn - whether every action, and whatever takes a resource, waits for its turn
 */
export function advance(plan: Plan, state: ProcedureState, now: number, inTurn = false): Advanced {
  const run = new Run(plan, state, now, inTurn);
  run.threads();
  return run.result();
}

/** The thread that waits for a command goes on behind it. */
export function answered(state: ProcedureState, command: string): ProcedureState {
  return {
    ...state,
    threads: state.threads.map((thread) =>
      thread.waiting.kind === "command" && thread.waiting.command === command
        ? { ...thread, at: thread.at + 1, waiting: { kind: "nothing" } }
        : thread,
    ),
  };
}

/** Whether a command was asked for before its experiment failed, so that only its end is waited for. */
export function onlyEnds(state: ProcedureState, command: string): boolean {
  return waitsFor(state, command)?.parent === CLEAN_UP;
}

/** Whether a thread waits for this command. */
export function waitsFor(state: ProcedureState, command: string): Thread | undefined {
  return state.threads.find(
    (thread) => thread.waiting.kind === "command" && thread.waiting.command === command,
  );
}

/** A thread that waited for its turn begins its next step. */
export function withTurn(state: ProcedureState, id: string, turn: Turn): ProcedureState {
  return {
    ...state,
    threads: state.threads.map((thread) =>
      thread.id === id && thread.waiting.kind === "turn"
        ? { ...thread, waiting: { kind: "nothing" }, turn }
        : thread,
    ),
  };
}

/**
 * After a failure: whatever still runs is left to end, and the clean-up steps behind the failed one follow.
 */
export function failProcedure(state: ProcedureState, fault: Fault, unknown: boolean): ProcedureState {
  if (state.failure !== null)
    return { ...state, failure: { ...state.failure, unknown: state.failure.unknown || unknown } };
  const running = state.threads.filter((thread) => thread.waiting.kind === "command");
  // A thread that waits for others stands in front of them, at steps that were done.
  const places = state.threads.flatMap(({ at, waiting }) =>
    waiting.kind === "threads" ? [] : [waiting.kind === "command" ? at + 1 : at],
  );
  const cleanUp: Thread = {
    id: CLEAN_UP,
    at: Math.min(...places),
    waiting: running.length === 0 ? { kind: "nothing" } : { kind: "threads", left: running.length },
    parent: null,
  };
  return {
    ...state,
    failure: { fault, unknown },
    threads: [cleanUp, ...running.map((thread) => ({ ...thread, parent: CLEAN_UP }))],
  };
}

/** While a procedure is held, each branch that waits for nothing leaves its next step out. */
export function skipNext(state: ProcedureState, by: string): ProcedureState {
  return {
    ...state,
    threads: state.threads.map((thread) =>
      isIdle(thread) ? { ...thread, waiting: { kind: "nothing" }, skippedBy: by } : thread,
    ),
  };
}

/** While a procedure is held, each branch that waits for nothing does its last action again, where that may be repeated. */
export function repeatLast(plan: Plan, state: ProcedureState): ProcedureState {
  return {
    ...state,
    threads: state.threads.map((thread) => {
      const last = plan[thread.at - 1];
      const again = isIdle(thread) && last?.kind === "action" && last.step.effect !== "once";
      return again ? { ...thread, at: thread.at - 1 } : thread;
    }),
  };
}

/** Whether nothing is under way in a thread itself or in branches of it. */
function isIdle({ waiting }: Thread): boolean {
  return waiting.kind === "nothing" || waiting.kind === "turn";
}

/** What a sample is marked with of which a step was skipped: without what it was to get, its setting isn't what was made. */
export function skipFlag(instruction: Instruction | undefined, by: string): string {
  if (instruction?.kind !== "action") return `a ${instruction?.kind ?? "step"} was skipped, as ${by} says`;
  const { step, always } = instruction;
  const told = `${step.role}.${step.action} was skipped, as ${by} says`;
  return always || step.effect === "read" ? told : `unusable: ${told}`;
}

class Run {
  readonly #plan: Plan;
  readonly #now: number;
  #state: ProcedureState;
  readonly #inTurn: boolean;
  readonly #commands: Command[] = [];
  #left = MOST_INSTRUCTIONS;

  constructor(plan: Plan, state: ProcedureState, now: number, inTurn: boolean) {
    this.#plan = plan;
    this.#state = state;
    this.#now = now;
    this.#inTurn = inTurn;
  }

  result(): Advanced {
    return { state: this.#state, commands: this.#commands };
  }

  threads(): void {
    for (;;) {
      const thread = this.#state.threads.find((each) => each.waiting.kind === "nothing");
      if (thread === undefined) return;
      try {
        this.#instruction(thread);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.#fail(thread, error.message);
      }
    }
  }

  #fail(thread: Thread, message: string): void {
    const fault = {
      code: "experiment.procedure",
      message: `the procedure of experiment ${this.#state.experiment} can't go on: ${message}`,
      advice: "correct the procedure in the campaign file",
    };
    // The step that can't be done is skipped, so that clean-up goes on behind it.
    this.#replace({ ...thread, at: thread.at + 1 });
    this.#state = failProcedure(this.#state, fault, false);
  }

  #lookup = (name: string): Value | undefined => {
    const value: Value | null | undefined = this.#state.values[name];
    // A snapshot has null for NaN.
    return value === null ? Number.NaN : value;
  };

  #instruction(thread: Thread): void {
    if (--this.#left <= 0) {
      this.#left = MOST_INSTRUCTIONS;
      throw new RangeError("a loop in it neither waits nor acts");
    }
    const instruction = this.#plan[thread.at];
    // A thread that only finishes what was running when the experiment failed ends with it.
    if (instruction === undefined || thread.parent === CLEAN_UP) return this.#end(thread);
    // Clean-up goes through all branches and beyond: their ends are not its own.
    if (instruction.kind === "end" && thread.id !== CLEAN_UP) return this.#end(thread);
    if (this.#state.failure !== null && instruction.kind === "take" && !this.#holds(instruction))
      return this.#move(thread, instruction.to + 1);
    if (instruction.kind === "end" || (this.#state.failure !== null && !cleansUp(instruction)))
      return this.#move(thread, thread.at + 1);
    if (this.#inTurn && needsTurn(instruction, thread))
      return this.#replace({ ...thread, waiting: { kind: "turn" } });
    this.#do(thread, instruction);
  }

  #do(thread: Thread, instruction: Exclude<Instruction, { kind: "end" }>): void {
    const { at } = thread;
    switch (instruction.kind) {
      case "action":
        return this.#perform(thread, instruction.step);
      case "wait":
        return this.#wait(thread, evaluate(instruction.seconds, this.#lookup));
      case "note":
        return this.#command(thread, {
          kind: "ask",
          text: instruction.text,
          confirm: instruction.confirm,
          ...(instruction.terms && { terms: instruction.terms }),
        });
      case "compute":
        this.#set(instruction.name, evaluateValue(instruction.expression, this.#lookup));
        return this.#move(thread, at + 1);
      case "unless":
        return this.#move(
          thread,
          evaluate(instruction.condition, this.#lookup) === 0 ? instruction.to : at + 1,
        );
      case "jump":
        return this.#move(thread, instruction.to);
      case "count":
        this.#repeat(instruction.counter, evaluate(instruction.times, this.#lookup));
        return this.#move(thread, at + 1);
      case "while counting": {
        const left = this.#state.counters[instruction.counter] ?? 0;
        if (left > 0) this.#count(instruction.counter, left - 1);
        return this.#move(thread, left > 0 ? instruction.to : at + 1);
      }
      case "start deadline":
        this.#count(instruction.counter, this.#now + instruction.milliseconds);
        return this.#move(thread, at + 1);
      case "before deadline":
        // What was never begun has no deadline.
        if (this.#now > (this.#state.counters[instruction.counter] ?? Infinity) + (instruction.by ?? 0)) {
          throw new RangeError(`${instruction.what} was not reached in time`);
        }
        return this.#move(thread, at + 1);
      case "take":
        return this.#hold(thread, instruction.resources);
      case "give":
        return this.#give(thread, instruction.resources);
      case "fork":
        return this.#fork(thread, instruction.at);
    }
  }

  #holds({ resources }: Extract<Instruction, { kind: "take" }>): boolean {
    return resources.every(({ name }) => this.#state.held?.[name] !== undefined);
  }

  #hold({ turn = {}, ...thread }: Thread, resources: readonly TakenResource[]): void {
    const held: Record<string, HeldResource> = { ...this.#state.held };
    for (const { name, places, numbered } of resources) {
      const place = turn[name] ?? places[0] ?? 1;
      held[name] = { place, at: thread.at };
      if (numbered) this.#set(`${name}.place`, place);
    }
    this.#state = { ...this.#state, held };
    this.#replace({ ...thread, at: thread.at + 1 });
  }

  #give(thread: Thread, resources: readonly string[]): void {
    const left = Object.entries(this.#state.held ?? {}).filter(([name]) => !resources.includes(name));
    this.#state = { ...this.#state, held: Object.fromEntries(left) };
    this.#move(thread, thread.at + 1);
  }

  #perform(thread: Thread, step: ActionStep): void {
    const given: Record<string, number | string> = {};
    for (const [name, argument] of Object.entries(step.arguments)) {
      given[name] = argumentValue(argument, this.#lookup);
    }
    this.#command(thread, {
      kind: "perform",
      role: step.role,
      action: step.action,
      arguments: given,
      effect: step.effect,
      within: step.within,
    });
  }

  #wait(thread: Thread, seconds: number): void {
    if (!(seconds >= 0 && seconds < Infinity)) throw new RangeError(`a wait of ${seconds} s is impossible`);
    this.#command(thread, { kind: "wait", until: this.#now + Math.round(seconds * 1000) });
  }

  #repeat(counter: number, times: number): void {
    if (!Number.isFinite(times)) throw new RangeError(`a repetition of ${times} times is impossible`);
    this.#count(counter, Math.round(times));
  }

  #command(thread: Thread, body: CommandBody): void {
    const { skippedBy, turn: _, ...others } = thread;
    if (skippedBy !== undefined) {
      const flag = skipFlag(this.#plan[thread.at], skippedBy);
      this.#state = { ...this.#state, flags: [...this.#state.flags, flag] };
      return this.#replace({ ...others, at: thread.at + 1 });
    }
    const id = `${this.#state.experiment}.${this.#state.nextCommand}`;
    this.#commands.push({ ...body, id, experiment: this.#state.experiment });
    this.#state = { ...this.#state, nextCommand: this.#state.nextCommand + 1 };
    const ends = this.#inTurn ? this.#expectedEnd(thread, body) : undefined;
    this.#replace({
      ...others,
      waiting: { kind: "command", command: id, ...(ends !== undefined && { ends }) },
    });
  }

  #expectedEnd({ at }: Thread, body: CommandBody): number {
    return body.kind === "wait" ? body.until : this.#now + (this.#state.takes?.[at] ?? 0);
  }

  #fork(thread: Thread, at: readonly number[]): void {
    const first = this.#state.nextThread;
    const branches = at.map((place, i): Thread => {
      return { id: String(first + i), at: place, waiting: { kind: "nothing" }, parent: thread.id };
    });
    this.#replace({ ...thread, waiting: { kind: "threads", left: branches.length } });
    this.#state = {
      ...this.#state,
      nextThread: first + branches.length,
      threads: [...this.#state.threads, ...branches],
    };
  }

  /** A thread that has come to its end lets its parent go on with the step after the fork. */
  #end(thread: Thread): void {
    const others = this.#state.threads.filter((each) => each !== thread);
    this.#state = {
      ...this.#state,
      threads: others.map((each) => {
        if (each.id !== thread.parent || each.waiting.kind !== "threads") return each;
        const left = each.waiting.left - 1;
        if (left > 0) return { ...each, waiting: { kind: "threads", left } };
        const at = each.id === CLEAN_UP ? each.at : each.at + 1;
        return { ...each, at, waiting: { kind: "nothing" } };
      }),
    };
  }

  #move(thread: Thread, at: number): void {
    this.#replace({ ...thread, at });
  }

  #replace(thread: Thread): void {
    this.#state = {
      ...this.#state,
      threads: this.#state.threads.map((each) => (each.id === thread.id ? thread : each)),
    };
  }

  #set(name: string, computed: Value): void {
    // A snapshot keeps no infinity: it counts as no number from the beginning.
    const value = typeof computed === "number" && !Number.isFinite(computed) ? Number.NaN : computed;
    this.#state = { ...this.#state, values: { ...this.#state.values, [name]: value } };
  }

  #count(counter: number, value: number): void {
    this.#state = { ...this.#state, counters: { ...this.#state.counters, [counter]: value } };
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type CommandBody = DistributiveOmit<
  Extract<Command, { kind: "perform" | "wait" | "ask" }>,
  "id" | "experiment"
>;

function cleansUp(instruction: Instruction): boolean {
  return instruction.kind === "give" || ("always" in instruction && instruction.always);
}

/** Whether a step waits until what it needs is there; one that is skipped needs nothing. */
function needsTurn({ kind }: Instruction, { turn, skippedBy }: Thread): boolean {
  return turn === undefined && (kind === "take" || (kind === "action" && skippedBy === undefined));
}

/**
 * The value of an argument in the unit that the driver declares, on the step that the instrument can make.
 *
 * @throws RangeError when it is not a number or outside the limits
 */
export function argumentValue(
  argument: Argument,
  lookup: (name: string) => Value | undefined,
): number | string {
  const value = evaluateValue(argument.expression, lookup);
  if (argument.kind === "text") return value;
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new RangeError("an argument has no finite value");
  const { unit, resolution, minimum = -Infinity, maximum = Infinity } = argument;
  const converted = tidy(fromSi(value, unit));
  const stepped =
    resolution === undefined ? converted : tidy(Math.round(converted / resolution) * resolution);
  if (stepped < minimum || stepped > maximum) {
    throw new RangeError(
      `an argument of ${stepped} ${unit.symbol} is outside ${minimum} … ${maximum} ${unit.symbol}`,
    );
  }
  return stepped === 0 ? 0 : stepped;
}
