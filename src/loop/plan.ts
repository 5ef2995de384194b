import type { Expression } from "../base/expression/expression.ts";
import type { Unit } from "../base/unit.ts";
import type { QuestionTerms } from "./question-terms.ts";

/** How one argument of an action gets its value. */
export type Argument =
  | {
      readonly kind: "number";
      readonly expression: Expression;
      /** Unit that the driver declares; the value is converted into it. */
      readonly unit: Unit;
      /** Step that the instrument can make, in `unit`; the value is rounded to it. */
      readonly resolution?: number;
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly kind: "text"; readonly expression: Expression };

/** Whether a command may be given again after a crash: see the driver's declaration. */
export type Effect = "read" | "end-state" | "once";

/** One command to one instrument, before its arguments have values. */
export interface ActionStep {
  readonly role: string;
  readonly action: string;
  readonly effect: Effect;
  readonly arguments: Readonly<Record<string, Argument>>;
  /** Name under which readings are kept; undefined when there are none. */
  readonly as?: string;
  /** Unit of each reading that the action gives. */
  readonly readings: Readonly<Record<string, Unit>>;
  /** Deadline in milliseconds. */
  readonly within: number;
}

/**
 * A procedure as a list of instructions with jumps: the position of an experiment is a few numbers, however long
 * its loops run.
 */
export type Instruction =
  | { readonly kind: "action"; readonly step: ActionStep; readonly always: boolean }
  | { readonly kind: "wait"; readonly seconds: Expression; readonly always: boolean }
  | {
      readonly kind: "note";
      readonly text: string;
      readonly confirm: boolean;
      readonly always: boolean;
      readonly terms?: QuestionTerms;
    }
  | {
      readonly kind: "compute";
      readonly name: string;
      readonly expression: Expression;
      readonly always: boolean;
    }
  /** Goes to `to` when the condition doesn't hold. */
  | { readonly kind: "unless"; readonly condition: Expression; readonly to: number }
  | { readonly kind: "jump"; readonly to: number }
  /** Sets the counter of a loop to the value of `times`, rounded. */
  | { readonly kind: "count"; readonly counter: number; readonly times: Expression }
  /** Takes one from the counter and goes to `to` while it was above 0; falls through when it is used up. */
  | { readonly kind: "while counting"; readonly counter: number; readonly to: number }
  /** Notes the time from which `before deadline` counts. */
  | { readonly kind: "start deadline"; readonly counter: number; readonly milliseconds: number }
  /** Fails the experiment when the deadline has passed, by so many milliseconds more where `by` says so. */
  | {
      readonly kind: "before deadline";
      readonly counter: number;
      readonly what: string;
      readonly by?: number;
    }
  /**
   * Takes one each of these resources, all of them at once or none, until the instruction at `to` gives them back; a clean-up
   * that doesn't have them goes on behind that.
   */
  | { readonly kind: "take"; readonly resources: readonly TakenResource[]; readonly to: number }
  | { readonly kind: "give"; readonly resources: readonly string[] }
  /** Starts a thread at each place and waits until all have come to their `end`. */
  | { readonly kind: "fork"; readonly at: readonly number[] }
  | { readonly kind: "end" };

/** Something of which experiments take one for a while. */
export interface TakenResource {
  readonly name: string;
  /** Numbers of those that there are. */
  readonly places: readonly number[];
  /** Whether the procedure knows the number as `<name>.place`. */
  readonly numbered: boolean;
}

/** What one experiment does, the same for every setting. */
export type Plan = readonly Instruction[];
