import { randomStream } from "../../base/random.ts";
import { improve } from "../../experiment/timetable/improve.ts";
import type { Activity, Holding, TimetableTask } from "../../experiment/timetable/task.ts";
import type { ExperimentContext } from "../experiment-machine.ts";
import type { Plan } from "../plan.ts";
import { beginProcedure, type ProcedureState } from "../procedure-state.ts";
import type { Agenda } from "./agenda.ts";
import { outline } from "./outline.ts";
import type { Sharing } from "./sharing.ts";

/** What is known of an experiment before it begins: its values, and what its actions are expected to take. */
export type NextExperiment = Pick<ProcedureState, "values" | "takes">;

/** What is looked ahead from. */
export interface LookaheadInput {
  readonly plan: Plan;
  readonly sharing: Sharing;
  /** In the order of their numbers. */
  readonly underWay: readonly ExperimentContext[];
  /** The next experiment, where one more may begin. */
  readonly next?: NextExperiment;
  readonly agenda: Agenda;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Timetables that are laid out when other experiments are under way than before; some ten milliseconds in sum. */
const TRIES = 60;

/** Stands for an experiment that isn't there yet; it comes after all others. */
export const NEXT = 0;

/** A timetable of everything that is left of the experiments under way, and of the next one. */
export class Lookahead {
  /** When the next experiment would do its first action or wait, and which; Infinity where there is none. */
  readonly next: { readonly start: number; readonly at: number };
  readonly agenda: Agenda;
  readonly #activities: Activity[] = [];
  readonly #holdings: Holding[] = [];
  /** Of each activity. */
  readonly #steps: Step[] = [];
  /** The next activity of each thread that waits for its turn. */
  readonly #nextOf = new Map<string, number>();
  readonly #starts: readonly number[];

  constructor(input: LookaheadInput) {
    const { underWay, next, sharing, now } = input;
    for (const [job, { number, procedure }] of underWay.entries()) this.#add(input, job, number, procedure);
    const firstOfNext = this.#activities.length;
    if (next !== undefined)
      this.#add(input, underWay.length, NEXT, beginProcedure(NEXT, next.values, next.takes));
    const task = {
      activities: this.#activities,
      capacities: sharing.resources.map(({ places }) => places.length),
      holdings: this.#holdings,
      now,
    };
    const { agenda, starts } = this.#look(input, task);
    this.agenda = agenda;
    this.#starts = starts;
    this.next = next === undefined ? { start: Infinity, at: 0 } : this.#first(firstOfNext, now);
  }

  /** The first that an experiment does: to be decided on before it only has something to itself would be too early. */
  #first(from: number, now: number): Lookahead["next"] {
    let first: number | undefined;
    for (let i = from; i < this.#activities.length; i++) {
      const isEarlier = first === undefined || (this.#starts[i] as number) < (this.#starts[first] as number);
      if ((this.#activities[i]?.duration ?? 0) > 0 && isEarlier) first = i;
    }
    if (first === undefined) return { start: now, at: 0 };
    return { start: this.#starts[first] as number, at: (this.#steps[first] as Step).at };
  }

  /** When a thread that waits for its turn is planned to go on; Infinity where there is no place for it. */
  startOf(experiment: number, thread: string): number {
    const activity = this.#nextOf.get(`${experiment} ${thread}`);
    return activity === undefined ? Infinity : (this.#starts[activity] ?? Infinity);
  }

  #add({ plan, sharing, now }: LookaheadInput, job: number, experiment: number, state: ProcedureState): void {
    const first = this.#activities.length;
    const left = outline({ plan, sharing, state, job, first, now });
    this.#activities.push(...left.activities);
    this.#holdings.push(...left.holdings);
    this.#steps.push(...left.instructions.map((at) => ({ experiment, at })));
    for (const [thread, activity] of left.next) this.#nextOf.set(`${experiment} ${thread}`, activity);
  }

  /** Lays out everything by the order that is known; where other experiments are under way, a better one is looked for. */
  #look(
    { agenda, underWay, sharing }: LookaheadInput,
    task: TimetableTask,
  ): { readonly agenda: Agenda; readonly starts: readonly number[] } {
    const of = underWay.map(({ number }) => number).join(" ");
    const isNew = agenda.of !== of && underWay.length > 1;
    const inTurn = this.#activities.map((_, i) => i);
    const known = this.#steps.map((step, i) => agenda.ranks[keyOf(step)] ?? this.#steps.length + i);
    const { timetable, ranks } = improve(task, {
      random: randomStream(sharing.seed, agenda.searches, "timetable"),
      tries: isNew ? TRIES : 0,
      from: Object.keys(agenda.ranks).length === 0 ? [inTurn] : [inTurn, known],
    });
    const { starts } = timetable;
    if (!isNew) return { agenda, starts };
    return { agenda: { ...agenda, of, searches: agenda.searches + 1, ranks: this.#byKey(ranks) }, starts };
  }

  #byKey(ranks: readonly number[]): Record<string, number> {
    const byKey: Record<string, number> = {};
    for (const [i, step] of this.#steps.entries()) {
      const key = keyOf(step);
      byKey[key] = Math.min(byKey[key] ?? Infinity, ranks[i] as number);
    }
    return byKey;
  }
}

interface Step {
  readonly experiment: number;
  /** Its instruction. */
  readonly at: number;
}

function keyOf({ experiment, at }: Step): string {
  return `${experiment}.${at}`;
}
