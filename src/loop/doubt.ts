/**
 * What becomes of a command of which nobody knows whether it was done: the campaign ends, the sample is discarded, the
 * command counts as done, or a person says.
 */
export type DoubtPolicy = "stop" | "discard" | "accept" | "ask";

/** The policies of a campaign. */
export interface DoubtPolicies {
  readonly usual: DoubtPolicy;
  /** By role and action, such as "pump.dispense". */
  readonly byAction: Readonly<Record<string, DoubtPolicy>>;
}

/** What a person can say of a command in doubt; "not done" has it done now. */
export const DOUBT_ANSWERS = ["done", "not done", "discard", "stop"] as const;

/** One of {@link DOUBT_ANSWERS}. */
export type DoubtAnswer = (typeof DOUBT_ANSWERS)[number];
