import type { Hypothesis } from "../../hypothesis/hypothesis.ts";
import type { MeasuredQuantity } from "../../hypothesis/observation.ts";
import type { Space } from "../space/space.ts";

/** Which way a measurement is better; the target is in the measurement's unit. */
export type Direction =
  | { readonly kind: "minimise" }
  | { readonly kind: "maximise" }
  | { readonly kind: "target"; readonly value: number };

/** A measurement that should become better. */
export interface Objective {
  readonly measurement: string;
  readonly direction: Direction;
}

/** What the campaign wants to find out. */
export type Goal =
  | { readonly kind: "optimise"; readonly objectives: readonly Objective[] }
  /** Which hypothesis about the measurement is right. */
  | { readonly kind: "discriminate"; readonly measurement: string }
  /** What the measurement is everywhere. */
  | { readonly kind: "explore"; readonly measurement: string };

/** How the first and the later settings are chosen. */
export interface Design {
  readonly first: { readonly method: "sobol" | "random"; readonly count: number };
  readonly then: "optimise" | "discriminate" | "explore" | "random";
  /** Share of the later decisions that is spent on telling hypotheses apart, 0 … 1. */
  readonly discriminate?: number;
}

/** All that a decision depends on besides the data; plain data. */
export interface Problem {
  readonly space: Space;
  readonly measurements: readonly MeasuredQuantity[];
  readonly goal: Goal;
  readonly hypotheses: readonly Hypothesis[];
  readonly design: Design;
  /** A whole number of at most 53 bits. */
  readonly seed: number;
}
