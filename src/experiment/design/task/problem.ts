import type { Hypothesis } from "../../../hypothesis/hypothesis.ts";
import type { MeasuredQuantity, Observation } from "../../../hypothesis/observation.ts";
import type { Setting } from "../../../hypothesis/parameter.ts";
import type { Space } from "../../space/space.ts";
import type { Cost } from "./cost.ts";
import type { OptimumPrior } from "./optimum-prior.ts";
import type { OutcomeLimit } from "./outcome-limit.ts";

/** Which way a measurement is better; the target is in the measurement's unit. */
export type Direction =
  | { readonly kind: "minimise" }
  | { readonly kind: "maximise" }
  | { readonly kind: "target"; readonly value: number };

/** A measurement that should become better. */
export interface Objective {
  readonly measurement: string;
  readonly direction: Direction;
  /** With several objectives: the worst value that counts, in the measurement's unit. */
  readonly reference?: number;
}

/** What the campaign wants to find out. */
export type Goal =
  | { readonly kind: "optimise"; readonly objectives: readonly Objective[] }
  /** Which hypothesis about the measurement is right. */
  | { readonly kind: "discriminate"; readonly measurement: string }
  /** What the measurement is everywhere. */
  | { readonly kind: "explore"; readonly measurement: string }
  /** Where the measurement crosses a value; in its unit. */
  | { readonly kind: "boundary"; readonly measurement: string; readonly value: number };

/** How settings are compared when one measurement is to become better. */
export type AcquisitionName =
  | "upper confidence bound"
  | "log expected improvement"
  | "thompson"
  | "knowledge gradient";

/** The objectives of a goal; where it has none, that its measurement be large. */
export function objectivesOf(goal: Goal): readonly Objective[] {
  return goal.kind === "optimise"
    ? goal.objectives
    : [{ measurement: goal.measurement, direction: { kind: "maximise" } }];
}

/** Whether an objective is modelled by its score: where laws predict it, or for a target, measurements themselves are. */
export function isScored({ hypotheses }: Pick<Problem, "hypotheses">, objective: Objective): boolean {
  const { measurement, direction } = objective;
  return (
    direction.kind !== "target" &&
    !hypotheses.some((each) => each.kind === "law" && each.predicts === measurement)
  );
}

/** How the first and the later settings are chosen. */
export interface Design {
  readonly first: { readonly method: "sobol" | "random"; readonly count: number };
  readonly then: "optimise" | "discriminate" | "explore" | "random";
  /** Share of the later decisions that is spent on telling hypotheses apart, 0 … 1. */
  readonly discriminate?: number;
  /** How settings are compared; what suits the problem where absent. */
  readonly acquisition?: AcquisitionName;
  /** Standard deviations in the confidence bound; falling from bold to cautious where absent. */
  readonly boldness?: number;
  /** What an experiment costs, by which its worth is divided. */
  readonly cost?: Cost;
  /** Where somebody who knows the process expects the best setting, by parameter. */
  readonly prior?: Readonly<Record<string, OptimumPrior>>;
}

/** All that a decision depends on besides the data; plain data. */
export interface Problem {
  readonly space: Space;
  readonly measurements: readonly MeasuredQuantity[];
  readonly goal: Goal;
  /** What measurements of a suggested setting should keep; absent where there are no limits. */
  readonly limits?: readonly OutcomeLimit[];
  readonly hypotheses: readonly Hypothesis[];
  readonly design: Design;
  /**
   * The only settings that may be tried, each entry once: a value for every parameter but context. Absent where all of
   * the space may be.
   */
  readonly candidates?: readonly Setting[];
  /** Results of earlier campaigns over the same parameters, each a list of its own. */
  readonly earlier?: readonly (readonly Observation[])[];
  /** A whole number of at most 53 bits. */
  readonly seed: number;
}
