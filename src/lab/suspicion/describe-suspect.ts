import type { Suspect, SuspectKind } from "../../measurement/quality/run-record.ts";

const WORDS: Readonly<Record<Exclude<SuspectKind, "stuck" | "durations" | "residual">, string>> = {
  level: "is",
  drift: "changed within the experiment by",
  scatter: "has one reading off the others by",
};

/** What is unlike the experiments before, in one line. */
export function describeSuspect({ what, of, value, usual, z }: Suspect): string {
  const far = `${short(Math.abs(z))} σ`;
  switch (what) {
    case "durations":
      return `its steps took unusually long or short together (${far})`;
    case "residual":
      return `${of} is ${short(Math.abs(value))} predicted standard deviations ${value < 0 ? "below" : "above"} what was expected (${far} by the misses before)`;
    case "stuck":
      return `${of} gave ${value} times in a row the same reading (${far})`;
    default:
      return `${of} ${WORDS[what]} ${short(value)}, usually ${short(usual)} (${far})`;
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
