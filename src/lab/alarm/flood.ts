import type { AlarmPriority } from "../../loop/event.ts";
import { isGreater } from "./alarm.ts";

/** Milliseconds within which it is counted how much people are told. */
export const FLOOD_WINDOW = 60_000;

/** How much a person can still follow within the window. */
export const FLOOD = 5;

/** Whether a priority isn't told by itself while so much is told that nobody could follow. */
export function isHeldInFlood(priority: AlarmPriority): boolean {
  return isGreater("high", priority);
}
