import type { Clock } from "../../base/clock.ts";
import { mayRepeat, type PerformCommand } from "../../loop/command.ts";
import type { EventOf } from "../../loop/event.ts";
import type { History } from "../../loop/history.ts";
import { OVERDUE_ANSWERS, type SuspicionPolicies } from "../../loop/suspicion.ts";
import { type AskPerson, askAmong } from "../ask-person.ts";

/** What watches an action for how long it takes. */
export interface OverdueOptions {
  readonly history: History;
  readonly clock: Clock;
  readonly policies: SuspicionPolicies["overdue"] | undefined;
  readonly ask: AskPerson;
  /** Whether it was begun again for being overdue already: that is done once. */
  readonly again: boolean;
  /** Is told when the action is overdue. */
  readonly tell: (event: EventOf<"action.overdue">) => void;
  /** Breaks the action off, to be done again or to fail. */
  readonly breakOff: (how: "overdue" | "fail") => void;
}

/**
 * Tells when an action that begins goes on for much longer than it usually does, and has it broken off as the campaign says.
 * What may not be repeated is never broken off: that would spoil its sample.
 *
 * @returns ends the watch, and takes back what was asked
 */
export function watchOverdue(options: OverdueOptions, command: PerformCommand): () => void {
  const { history, clock, policies, again, tell, breakOff } = options;
  const { id, experiment, role, action, within } = command;
  const overdue = history.overdue(command);
  if (overdue === undefined || overdue.after >= within) return () => undefined;
  const over = new AbortController();
  const declared = policies?.byAction[`${role}.${action}`] ?? policies?.usual ?? "note";
  const then = again || !mayRepeat(command) ? "note" : declared;
  const { after, usual } = overdue;
  const rounded = {
    median: Math.round(usual.quantile(0.5)),
    p95: Math.round(usual.quantile(0.95)),
    n: usual.n,
  };
  const cancel = clock.at(clock.now() + after, () => {
    const about = { experiment, about: id, instrument: role, action, after: Math.round(after) };
    tell({ type: "action.overdue", ...about, usual: rounded, then });
    if (then === "retry" || then === "fail") breakOff(BREAKS[then]);
    if (then === "ask") void askAbout(options, command, over.signal);
  });
  return () => {
    cancel();
    over.abort(new Error("the action has ended"));
  };
}

const BREAKS = { retry: "overdue", fail: "fail" } as const;

async function askAbout(
  { ask, breakOff }: OverdueOptions,
  { role, action }: PerformCommand,
  signal: AbortSignal,
): Promise<void> {
  const question = `${role}.${action} goes on for much longer than usual. Wait for it, retry it, or let it fail?`;
  const answer = await askAmong(ask, { question, answers: OVERDUE_ANSWERS, signal });
  if (answer !== undefined && answer !== "wait" && !signal.aborted) breakOff(BREAKS[answer]);
}
