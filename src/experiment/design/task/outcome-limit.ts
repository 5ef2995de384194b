import type { Outcome } from "../../../hypothesis/observation.ts";

/** A measurement that suggestions should keep within limits, in its unit. */
export interface OutcomeLimit {
  readonly measurement: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Whether an outcome keeps all limits; one that lacks a limited measurement doesn't. */
export function keepsLimits(
  limits: readonly OutcomeLimit[],
  outcome: Readonly<Record<string, number>>,
): boolean {
  return limits.every(({ measurement, atLeast = -Infinity, atMost = Infinity }) => {
    const value = outcome[measurement];
    return value !== undefined && value >= atLeast && value <= atMost;
  });
}

/** The measured numbers of an outcome; none where it failed. */
export function numbersOf(outcome: Outcome): Record<string, number> {
  if (outcome.kind === "failed") return {};
  return Object.fromEntries(Object.entries(outcome.values).map(([name, { value }]) => [name, value]));
}
