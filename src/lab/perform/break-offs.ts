import type { Cancel } from "../../base/clock.ts";
import type { PersonRequest } from "../../loop/event.ts";

/** What a person wants of an effect that is under way, or the campaign of one that is overdue: to be done again, or to fail. */
export interface BreakingOff {
  readonly kind: "discard" | "skip" | "retry" | "hold" | "overdue" | "fail";
  readonly by: string;
}

/** What requests want of effects that are under way. */
const BREAKS: Partial<Record<PersonRequest["request"], BreakingOff["kind"]>> = {
  discard: "discard",
  skip: "skip",
  retry: "retry",
  pause: "hold",
};

/** What a request wants of effects that are under way; undefined when nothing. */
export function breakingOf(request: PersonRequest["request"]): BreakingOff["kind"] | undefined {
  return BREAKS[request];
}

/** Whether a request can break off what is under way. */
export function breaksOff({ request, at }: PersonRequest): boolean {
  return BREAKS[request] !== undefined && (request !== "pause" || at === "now");
}

/** What an instrument is told when its action is broken off. */
const BROKEN_OFF: Readonly<Record<BreakingOff["kind"], string>> = {
  discard: "its sample is discarded",
  skip: "it is skipped",
  retry: "it is to be done again",
  hold: "the campaign is paused",
  overdue: "it went on for much longer than usual, and is to be done again",
  fail: "it went on for much longer than usual",
};

/** What an effect that is broken off is aborted with. */
export function brokenOff(kind: BreakingOff["kind"]): Error {
  return new Error(BROKEN_OFF[kind]);
}

/** What people can have broken off of experiments. */
export class BreakOffs {
  /** By experiment; each tells whether it takes that. */
  readonly #breaking = new Map<number, Set<(why: BreakingOff) => boolean>>();
  #count = 0;

  /** Effects that were broken off so far. */
  get count(): number {
    return this.#count;
  }

  /** Has something called when a person wants an experiment's effect broken off, until it is cancelled. */
  on(experiment: number, takes: (why: BreakingOff) => boolean): Cancel {
    const all = this.#breaking.get(experiment) ?? new Set();
    this.#breaking.set(experiment, all.add(takes));
    return () => {
      all.delete(takes);
      if (all.size === 0) this.#breaking.delete(experiment);
    };
  }

  /** Breaks off what experiments are at. */
  breakOff(experiments: readonly number[], why: BreakingOff): void {
    for (const experiment of experiments)
      for (const takes of this.#breaking.get(experiment) ?? []) if (takes(why)) this.#count += 1;
  }
}
