import type { Value } from "../base/expression/evaluate.ts";
import type { Fault } from "../base/fault.ts";
import type { ReadingStatistics } from "../measurement/reading/reading-statistics.ts";

/** One line of execution through a plan. */
export interface Thread {
  readonly id: string;
  readonly at: number;
  readonly waiting:
    | { readonly kind: "nothing" }
    | { readonly kind: "command"; readonly command: string }
    | { readonly kind: "threads"; readonly left: number };
  readonly parent: string | null;
  /** Who had its next step skipped. */
  readonly skippedBy?: string;
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
export function beginProcedure(experiment: number, values: Readonly<Record<string, Value>>): ProcedureState {
  return {
    experiment,
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
