import type { Fault } from "../../base/fault.ts";
import type { AlarmPriority } from "../../loop/event.ts";

/** A message as channels send it. */
export interface Letter {
  /** Unique, so that who gets it twice can tell. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly priority: AlarmPriority;
  /** Campaign and lab that it comes from. */
  readonly campaign: string;
  readonly lab: string;
}

/** What came of an attempt; what was refused isn't tried again. */
export type Sent = { readonly kind: "sent" } | { readonly kind: "failed" | "refused"; readonly fault: Fault };

/** A message that wasn't sent, and whether it is worth another try. */
export function unsent(kind: "failed" | "refused", message: string, advice: string): Sent {
  return { kind, fault: { code: "notify.not-sent", message, advice } };
}
