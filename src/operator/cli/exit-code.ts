import type { ConcludedReason } from "../../loop/event.ts";

/** What the process tells the shell. */
export const EXIT = {
  concluded: 0,
  fault: 1,
  badInput: 2,
  stoppedByPerson: 3,
  interlock: 4,
  instrument: 5,
  unknown: 6,
} as const;

/** The exit code of a concluded campaign. */
export function exitCodeOf(reason: ConcludedReason): number {
  switch (reason) {
    case "stopped by a person":
    case "aborted by a person":
      return EXIT.stoppedByPerson;
    case "interlock":
    case "halted by a person":
      return EXIT.interlock;
    case "outcome unknown":
      return EXIT.unknown;
    case "too many failures":
      return EXIT.instrument;
    default:
      return EXIT.concluded;
  }
}

/** From the worst on: what nobody knows, what broke, what needs a person at the bench, and what was wanted. */
const FROM_WORST: readonly number[] = [
  EXIT.unknown,
  EXIT.fault,
  EXIT.interlock,
  EXIT.instrument,
  EXIT.badInput,
  EXIT.stoppedByPerson,
  EXIT.concluded,
];

/** The exit code of several campaigns: that of the one that ended worst. */
export function worstOf(codes: readonly number[]): number {
  return FROM_WORST.find((code) => codes.includes(code)) ?? EXIT.concluded;
}
