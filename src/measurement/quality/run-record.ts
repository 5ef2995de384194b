import type { DurationSample } from "./usual-duration.ts";

/** One experiment as far as it can be like or unlike others. */
export interface RunRecord {
  readonly setting: Readonly<Record<string, number | string>>;
  /** Readings in their order, by instrument, action and name, in the driver's units. */
  readonly readings: Readonly<Record<string, readonly number[]>>;
  /** Sums over the actions, by instrument and action. */
  readonly durations: Readonly<Record<string, DurationSample>>;
  /** Measured less predicted, in predicted standard deviations, by measurement that was predicted. */
  readonly residuals: Readonly<Record<string, number>>;
  /** What was measured, and by how much that missed what was predicted, by measurement and in its unit. */
  readonly results?: Readonly<Record<string, { readonly value: number; readonly miss: number }>>;
  /** How unusual its durations were together; absent where the history was too short to tell. */
  readonly shape?: number;
}

/** In what way an experiment is unlike those before. */
export type SuspectKind = "level" | "drift" | "scatter" | "stuck" | "residual" | "durations";

/** Something about an experiment that is unlike those before. */
export interface Suspect {
  readonly what: SuspectKind;
  /** A measurement, or a reading such as "sensor.read.dark"; absent for the durations of all steps. */
  readonly of?: string;
  readonly value: number;
  /** What it usually is. */
  readonly usual: number;
  /** Standard deviations of a normal distribution that are as improbable. */
  readonly z: number;
}
