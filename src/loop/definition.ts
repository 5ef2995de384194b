import type { Expression } from "../base/expression/expression.ts";
import type { Unit } from "../base/unit.ts";
import type { Problem } from "../experiment/design/task/problem.ts";
import type { DoubtPolicies } from "./doubt.ts";
import type { ExperimentDefinition } from "./experiment-machine.ts";
import type { QuestionTerms } from "./question-terms.ts";
import type { FailurePolicies } from "./step-failure.ts";
import type { SuspicionPolicies } from "./suspicion.ts";

/** A measurement as an expression over readings, parameters and computed values. */
export interface MeasurementDefinition {
  readonly name: string;
  readonly expression: Expression;
  readonly unit: Unit;
  /** Values outside are unusable; in `unit`. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Standard deviation of one measurement, in `unit`, where it is known. */
  readonly noise?: number;
}

/** Something that experiments use up. */
export interface Consumable {
  readonly name: string;
  /** In coherent SI units. */
  readonly available: number;
  /** Used by one experiment, over its parameters, in coherent SI units. */
  readonly perExperiment: Expression;
}

/** When a campaign has found out enough. */
export type StopRule =
  /** Every measurement is within its limits, in its unit. */
  | {
      readonly kind: "goal reached";
      readonly limits: readonly {
        readonly measurement: string;
        readonly atMost?: number;
        readonly atLeast?: number;
      }[];
    }
  | { readonly kind: "decided"; readonly hypothesis?: string; readonly weight: number }
  | { readonly kind: "no gain"; readonly over: number; readonly lessThan: number };

/** All that the machines of one campaign must know; plain data. */
export interface LoopDefinition {
  readonly problem: Problem;
  readonly experiment: ExperimentDefinition;
  readonly measurements: readonly MeasurementDefinition[];
  readonly budget: {
    readonly experiments: number;
    readonly milliseconds?: number;
    readonly consumables: readonly Consumable[];
  };
  readonly stop: readonly StopRule[];
  /** Suggestions asked for at a time. */
  readonly batch: number;
  /** Failed experiments in a row that end the campaign. */
  readonly failuresInARow: number;
  /** What becomes of commands in doubt; the campaign ends where absent. */
  readonly doubts?: DoubtPolicies;
  /** What becomes of experiments whose actions failed and did nothing; they fail where absent. */
  readonly atFailure?: FailurePolicies;
  /** Who says what becomes of failed actions and of those in doubt, and what if nobody does. */
  readonly asked?: { readonly failure?: QuestionTerms; readonly doubt?: QuestionTerms };
  /** What becomes of what is unlike its history; it is only noted where absent. */
  readonly suspicion?: SuspicionPolicies;
  /** Whether the lab is shared with other campaigns, so that each experiment needs a lease to begin. */
  readonly leased?: true;
  /** What is kept while experiments may happen in windows of time only. */
  readonly window?: WindowRules;
}

/** How a campaign keeps to windows of time. */
export interface WindowRules {
  /** Milliseconds before the end at which no experiment begins; what an experiment takes at most where absent. */
  readonly lastStart?: number;
  /** Milliseconds before the end at which what still runs is discarded, so that its clean-up is done by then. */
  readonly cleanUp: number;
  /** Milliseconds before the end by which instruments are told to be safe. */
  readonly park: number;
}
