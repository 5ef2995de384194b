import type { Setting } from "./parameter.ts";

/** A measured value in the unit of its measurement. */
export interface ObservedValue {
  readonly value: number;
  /** One standard deviation, in the same unit; 0 where it is unknown. */
  readonly standardUncertainty: number;
}

/** What an experiment gave. */
export type Outcome =
  | { readonly kind: "measured"; readonly values: Readonly<Record<string, ObservedValue>> }
  | { readonly kind: "failed"; readonly reason: string };

/** An experiment that has ended: its number in the campaign, what was set and what came out. */
export interface Observation {
  readonly experiment: number;
  readonly setting: Setting;
  readonly outcome: Outcome;
}

/** An outcome that hypotheses predict, with the unit that all its values have. */
export interface MeasuredQuantity {
  readonly name: string;
  readonly unit: string;
  /** Standard deviation of one measurement, in the unit; absent where it is unknown. */
  readonly noise?: number;
}
