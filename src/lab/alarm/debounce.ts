/** Milliseconds for which a condition must hold before its alarm is raised, and be over before it is cleared. */
export interface Delays {
  readonly onDelay: number;
  readonly offDelay: number;
}

/** What a debounced condition was so far; times are milliseconds since 1970. */
export interface Debounce {
  /** Whether the alarm is raised. */
  readonly raised: boolean;
  readonly holds: boolean;
  /** Since when it holds, or doesn't. */
  readonly since: number;
  /** When it began to hold, as far as chattering is counted. */
  readonly begun: readonly number[];
  readonly chattering: boolean;
}

/** What a judgement makes of an alarm. */
export type Change = "raised" | "cleared" | "chattering";

/** Milliseconds within which chattering is counted, and for which it must be quiet to be over. */
export const CHATTER_WINDOW = 60_000;

/** Times within the window: an alarm that comes more often says nothing any more. ISA-18.2 has three a minute. */
export const CHATTER_TIMES = 4;

/** A condition that was never judged. */
export function beginDebounce(raised: boolean, now: number): Debounce {
  return { raised, holds: raised, since: now, begun: [], chattering: false };
}

/**
 * Takes in a judgement of a condition.
 *
 * @param holds - whether it holds
 * @param now - milliseconds since 1970, at or after the judgement before
 */
export function debounce(
  before: Debounce,
  holds: boolean,
  now: number,
  { onDelay, offDelay }: Delays,
): { readonly after: Debounce; readonly changes: readonly Change[] } {
  const begins = holds && !before.holds;
  const since = holds === before.holds ? before.since : now;
  const begun = [...before.begun, ...(begins ? [now] : [])].filter((at) => at > now - CHATTER_WINDOW);
  const starts = !before.chattering && begun.length >= CHATTER_TIMES;
  const chattering = before.chattering || starts;
  const quiet = chattering ? Math.max(offDelay, CHATTER_WINDOW) : offDelay;
  const clears = before.raised && !starts && !holds && now - since >= quiet;
  const raises = !before.raised && (starts || (holds && now - since >= onDelay));
  const raised = raises || (before.raised && !clears);
  const after = { raised, holds, since, begun, chattering: chattering && !clears };
  const changes: Change[] = [];
  if (raises) changes.push("raised");
  if (clears) changes.push("cleared");
  if (starts) changes.push("chattering");
  return { after, changes };
}
