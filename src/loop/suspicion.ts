/** What becomes of an action that outlives its usual duration: it is told of, and may be broken off. */
export type OverduePolicy = "note" | "retry" | "fail" | "ask";

/**
 * What becomes of a result of a run that is unlike those before: it is marked, a person says, the experiment is done once more,
 * or it isn't used.
 */
export type UnlikePolicy = "note" | "ask" | "repeat" | "discard";

/** The policies of a campaign about what is unlike its history. */
export interface SuspicionPolicies {
  readonly overdue: {
    readonly usual: OverduePolicy;
    /** By role and action, such as "pump.dispense". */
    readonly byAction: Readonly<Record<string, OverduePolicy>>;
  };
  readonly unlike: UnlikePolicy;
}

/** What a person can say of an action that outlives its usual duration. */
export const OVERDUE_ANSWERS = ["wait", "retry", "fail"] as const;

/** What a person can say of a result that is unlike the others. */
export const UNLIKE_ANSWERS = ["keep", "discard", "repeat"] as const;
