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
  /** By which its questions can be answered; the text has them too. */
  readonly links?: readonly LetterLink[];
}

/** A link by which a question can be answered once. */
export interface LetterLink {
  /** Such as "question.3". */
  readonly question: string;
  readonly url: string;
  /** Milliseconds since 1970 until which it can be used. */
  readonly until: number;
}

/** What came of an attempt; what was refused isn't tried again. */
export type Sent = { readonly kind: "sent" } | { readonly kind: "failed" | "refused"; readonly fault: Fault };

/** A message that wasn't sent, and whether it is worth another try. */
export function unsent(kind: "failed" | "refused", message: string, advice: string): Sent {
  return { kind, fault: { code: "notify.not-sent", message, advice } };
}
