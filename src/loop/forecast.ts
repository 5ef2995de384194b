import { evaluate, evaluateValue, type Value } from "../base/expression/evaluate.ts";
import { type Expression, namesIn } from "../base/expression/expression.ts";
import type { Setting } from "../hypothesis/parameter.ts";
import { type ExperimentDefinition, startingValues } from "./experiment-machine.ts";
import type { ActionStep, Instruction, Plan } from "./plan.ts";
import { argumentValue } from "./procedure.ts";

/** An action that an experiment is going to do, as far as that is known before it begins. */
export interface PlannedAction {
  /** Which action of the experiment it is, from 1. */
  readonly nth: number;
  /** Its instruction in the plan. */
  readonly at: number;
  readonly role: string;
  readonly action: string;
  /** In the units of the driver; undefined for what depends on readings. */
  readonly arguments: Readonly<Record<string, number | string | undefined>>;
  /** Whether it is done whatever is read; otherwise readings decide whether, or how often. */
  readonly sure: boolean;
}

/** What an experiment is going to do. */
export interface Forecast {
  /** In the order of the procedure; those of parallel branches follow each other. */
  readonly actions: readonly PlannedAction[];
  /** Milliseconds that it takes at most while every step meets its deadline; Infinity where something has none. */
  readonly longest: number;
  /** Why it is known beforehand to fail, and at which action; the actions end before it. */
  readonly impossible?: { readonly nth: number; readonly what: string; readonly message: string };
}

/** Instructions that are looked at; what a longer procedure does behind them is unknown. */
const MOST_INSTRUCTIONS = 100_000;

/** Works out what an experiment is going to do at a setting, without any reading. */
export function forecast(definition: ExperimentDefinition, setting: Setting): Forecast {
  return new Forecaster(definition.plan, startingValues(definition, setting)).result();
}

class Impossible extends Error {
  readonly what: string;
  constructor(what: string, message: string) {
    super(message);
    this.what = what;
  }
}

/** Values by name; a name without one is unknown. */
type Known = ReadonlyMap<string, Value>;

class Forecaster {
  readonly #plan: Plan;
  readonly #actions: PlannedAction[] = [];
  readonly #counters = new Map<number, number>();
  #values: Map<string, Value>;
  /** Milliseconds at most, up to where it is. */
  #elapsed = 0;
  #left = MOST_INSTRUCTIONS;

  constructor(plan: Plan, values: Readonly<Record<string, Value>>) {
    this.#plan = plan;
    this.#values = new Map(Object.entries(values));
  }

  result(): Forecast {
    try {
      this.#walk(0, this.#plan.length, true);
      return { actions: this.#actions, longest: this.#elapsed };
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      const { what, message } = error;
      const { length } = this.#actions;
      return {
        actions: this.#actions,
        longest: this.#elapsed,
        impossible: { nth: length + 1, what, message },
      };
    }
  }

  /** Goes from one place to another, or to the end of a branch; a jump beyond ends it, too. */
  #walk(from: number, until: number, sure: boolean): void {
    for (let at = from; at < until; ) {
      if (--this.#left < 0) {
        this.#elapsed = Infinity;
        return;
      }
      const instruction = this.#plan[at];
      if (instruction === undefined || instruction.kind === "end") return;
      const next = this.#do(instruction, at, sure);
      // Readings decide how often a loop is gone through: once is enough to see what it may do.
      if (!sure && instruction.kind === "jump" && next < at) return;
      at = next;
    }
  }

  /** @returns where it goes on */
  #do(instruction: Exclude<Instruction, { kind: "end" }>, at: number, sure: boolean): number {
    switch (instruction.kind) {
      case "action":
        this.#action(instruction.step, at, sure);
        return at + 1;
      case "wait":
        this.#wait(instruction.seconds, sure);
        return at + 1;
      case "compute":
        this.#set(instruction.name, this.#valueOf(instruction.expression));
        return at + 1;
      case "unless":
        return this.#unless(instruction.condition, at, instruction.to);
      case "jump":
        return instruction.to;
      case "count":
        return this.#count(instruction.counter, instruction.times, at);
      case "while counting": {
        const left = this.#counters.get(instruction.counter) ?? 0;
        if (left > 0) this.#counters.set(instruction.counter, left - 1);
        return left > 0 ? instruction.to : at + 1;
      }
      case "fork":
        this.#fork(instruction.at, sure);
        return at + 1;
      case "note":
        if (instruction.confirm) this.#elapsed += instruction.terms?.otherwise?.after ?? Infinity;
        return at + 1;
      case "start deadline":
        // What comes before the deadline's end is part of it; the last round may begin right before.
        this.#elapsed += instruction.milliseconds;
        return at + 1;
      case "before deadline":
      case "give":
        return at + 1;
      case "take":
        // Which one it will be is known where there is no choice.
        for (const { name, places, numbered } of instruction.resources)
          if (numbered) this.#set(`${name}.place`, places.length === 1 ? places[0] : undefined);
        return at + 1;
    }
  }

  #action(step: ActionStep, at: number, sure: boolean): void {
    const { role, action } = step;
    this.#elapsed += step.within;
    const given: Record<string, number | string | undefined> = {};
    for (const [name, argument] of Object.entries(step.arguments)) {
      given[name] = undefined;
      if (!this.#knows(argument.expression)) continue;
      try {
        given[name] = argumentValue(argument, (each) => this.#values.get(each));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        // What may never be done keeps no experiment from beginning.
        if (sure) throw new Impossible(`"${name}" of ${role}.${action}`, error.message);
      }
    }
    this.#actions.push({ nth: this.#actions.length + 1, at, role, action, arguments: given, sure });
    if (step.as !== undefined)
      for (const name of Object.keys(step.readings)) this.#values.delete(`${step.as}.${name}`);
  }

  #wait(expression: Expression, sure: boolean): void {
    const known = this.#knows(expression);
    const seconds = known ? evaluate(expression, (name) => this.#values.get(name)) : Infinity;
    if (known && sure && !(seconds >= 0 && seconds < Infinity))
      throw new Impossible("a wait", `a wait of ${seconds} s is impossible`);
    this.#elapsed += seconds >= 0 ? seconds * 1000 : Infinity;
  }

  #unless(condition: Expression, at: number, to: number): number {
    const holds = this.#valueOf(condition);
    if (holds !== undefined) return holds === 0 ? to : at + 1;
    // The first branch ends with a jump over the second, where there is one.
    const last = this.#plan[to - 1];
    const join = last?.kind === "jump" && last.to > to ? last.to : to;
    this.#either([
      [at + 1, to],
      [to, join],
    ]);
    return join;
  }

  #count(counter: number, times: Expression, at: number): number {
    const known = this.#valueOf(times);
    if (typeof known === "number") {
      if (!Number.isFinite(known))
        throw new Impossible("a repetition", `a repetition of ${known} times is impossible`);
      this.#counters.set(counter, Math.round(known));
      return at + 1;
    }
    this.#elapsed = Infinity;
    const jump = this.#plan[at + 1];
    const end = jump?.kind === "jump" ? jump.to : at + 2;
    // What a round computes, the round before may have changed.
    for (const each of this.#plan.slice(at + 2, end))
      if (each.kind === "compute") this.#values.delete(each.name);
    this.#either([[at + 2, end]]);
    return end + 1;
  }

  /** Goes through parts of which readings decide whether they are done; what they compute is unknown afterwards. */
  #either(parts: readonly (readonly [number, number])[]): void {
    const before = this.#values;
    const ends = this.#afterEach(before, parts, ([from, until]) => this.#walk(from, until, false));
    this.#values = new Map(
      [...before].filter(([name, value]) => ends.every((end) => Object.is(end.get(name), value))),
    );
  }

  /** Each branch knows what was known before; of what two of them compute nobody knows which is the later. */
  #fork(at: readonly number[], sure: boolean): void {
    const before = this.#values;
    const ends = this.#afterEach(before, at, (place) => this.#walk(place, this.#plan.length, sure));
    const names = new Set([before, ...ends].flatMap((each) => [...each.keys()]));
    const merged = new Map<string, Value>();
    for (const name of names) {
      const changed = ends.filter((end) => !Object.is(end.get(name), before.get(name)));
      const value = changed.length > 1 ? undefined : (changed[0] ?? before).get(name);
      if (value !== undefined) merged.set(name, value);
    }
    this.#values = merged;
  }

  /** What is known after each of several ways from here; the longest of them counts. */
  #afterEach<T>(before: Known, ways: readonly T[], walk: (way: T) => void): Known[] {
    const begin = this.#elapsed;
    let longest = begin;
    const ends = ways.map((way) => {
      this.#values = new Map(before);
      this.#elapsed = begin;
      walk(way);
      longest = Math.max(longest, this.#elapsed);
      return this.#values;
    });
    this.#elapsed = longest;
    return ends;
  }

  #knows(expression: Expression): boolean {
    return namesIn(expression).every((name) => this.#values.has(name));
  }

  #valueOf(expression: Expression): Value | undefined {
    return this.#knows(expression) ? evaluateValue(expression, (name) => this.#values.get(name)) : undefined;
  }

  #set(name: string, value: Value | undefined): void {
    if (value === undefined) this.#values.delete(name);
    // As the procedure keeps it: an infinity counts as no number.
    else this.#values.set(name, value === Infinity || value === -Infinity ? Number.NaN : value);
  }
}
