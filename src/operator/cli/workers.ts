import { wholeNumber } from "./whole-number.ts";

/** Threads for arithmetic; their number changes speed, never results. */
export function workers(): number {
  return Math.max(1, wholeNumber("LABLOOP_WORKERS", process.env["LABLOOP_WORKERS"]) ?? 1);
}
