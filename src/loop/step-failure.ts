/** What becomes of an experiment one of whose actions failed and did nothing: it fails, or a person says. */
export type FailurePolicy = "fail" | "ask";

/** The policies of a campaign. */
export interface FailurePolicies {
  readonly usual: FailurePolicy;
  /** By role and action, such as "sensor.read". */
  readonly byAction: Readonly<Record<string, FailurePolicy>>;
}

/** What a person can say of an action that failed and did nothing. */
export const FAILURE_ANSWERS = ["retry", "skip", "discard", "fail"] as const;

/** One of {@link FAILURE_ANSWERS}. */
export type FailureAnswer = (typeof FAILURE_ANSWERS)[number];
