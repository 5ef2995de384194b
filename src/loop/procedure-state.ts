import type { Value } from "../base/expression/evaluate.ts";
import type { Fault } from "../base/fault.ts";
import type { ReadingStatistics } from "../measurement/reading/reading-statistics.ts";

/** One line of execution through a plan. */
export interface Thread {
  readonly id: string;
  readonly at: number;
  readonly waiting:
    | { readonly kind: "nothing" }
    /** Until an instrument or another resource is there for its next step. */
    | { readonly kind: "turn" }
    | {
        readonly kind: "command";
        readonly command: string;
        /** When it is expected to end, milliseconds since 1970; where experiments share instruments. */
        readonly ends?: number;
      }
    | { readonly kind: "threads"; readonly left: number };
  readonly parent: string | null;
  /** Who had its next step skipped. */
  readonly skippedBy?: string;
  /** What its next step was given, so that it may begin. */
  readonly turn?: Turn;
}

/** Leave to begin a step; with the numbers of the resources that it takes, by name. */
export type Turn = Readonly<Record<string, number>>;

/** What an experiment holds of a resource. */
export interface HeldResource {
  readonly place: number;
  /** The instruction that took it. */
  readonly at: number;
}

/** Where an experiment stands in its procedure; its size doesn't grow with the readings taken. */
export interface ProcedureState {
  readonly experiment: number;
  readonly threads: readonly Thread[];
  readonly counters: Readonly<Record<number, number>>;
  /** Parameters, computed values and last readings, by name, in coherent SI units. */
  readonly values: Readonly<Record<string, Value>>;
  /** All readings so far, by name, in coherent SI units. */
  readonly readings: Readonly<Record<string, ReadingStatistics>>;
  readonly flags: readonly string[];
  readonly nextCommand: number;
  readonly nextThread: number;
  /** What it holds, by resource; nothing where absent. */
  readonly held?: Readonly<Record<string, HeldResource>>;
  /** Milliseconds that its actions are expected to take, by instruction; where experiments share instruments. */
  readonly takes?: Readonly<Record<number, number>>;
  /** Set when a step failed; from then on only clean-up steps run. */
  readonly failure: Failure | null;
}

/** Why an experiment gives no measurement. */
export interface Failure {
  readonly fault: Fault;
  /** Whether the fault left something unknown, so that a person must look. */
  readonly unknown: boolean;
}

/** The state before the first step. */
export function beginProcedure(
  experiment: number,
  values: Readonly<Record<string, Value>>,
  takes?: ProcedureState["takes"],
): ProcedureState {
  return {
    experiment,
    ...(takes && { takes }),
    threads: [{ id: "0", at: 0, waiting: { kind: "nothing" }, parent: null }],
    counters: {},
    values,
    readings: {},
    flags: [],
    nextCommand: 1,
    nextThread: 1,
    failure: null,
  };
}
