import type { Cancel } from "../../base/clock.ts";
import type { PerformCommand } from "../../loop/command.ts";
import type { EventOf } from "../../loop/event.ts";
import type { History } from "../../loop/history.ts";
import type { AlarmRaising } from "../notify/reachable.ts";
import { type OverdueOptions, watchOverdue } from "../suspicion/overdue-watch.ts";

/** What finds actions that are overdue. */
export interface OverdueFindingOptions
  extends Pick<OverdueOptions, "clock" | "policies" | "ask" | "again" | "tell" | "breakOff"> {
  /** What is usual; nothing is found when absent. */
  readonly history?: History;
  /** Raises an alarm over what is found; there are no alarms when absent. */
  readonly findings?: AlarmRaising;
}

/**
 * Tells when an action that begins outlives its usual duration, and raises an alarm over it as long as it goes on.
 *
 * @returns ends the watch, and with it the alarm
 */
export function findOverdue(options: OverdueFindingOptions, command: PerformCommand): Cancel {
  const { history, clock, findings } = options;
  if (history === undefined) return () => undefined;
  const alarm = `slow.${command.role}.${command.action}`;
  let raised = false;
  const tell = (event: EventOf<"action.overdue">): void => {
    clock.touch();
    options.tell(event);
    raised = true;
    findings?.raise({
      alarm,
      source: "finding",
      priority: "low",
      cause: overdueCause(event),
      say: "look whether the instrument still moves",
      readings: [],
    });
  };
  const forget = watchOverdue({ ...options, history, tell }, command);
  return () => {
    forget();
    if (raised) findings?.clear(alarm);
  };
}

function overdueCause({ instrument, action, after, usual }: EventOf<"action.overdue">): string {
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toPrecision(3)} s`;
  return `${instrument}.${action} has been going on for ${seconds(after)}; it usually takes ${seconds(usual.median)}`;
}
