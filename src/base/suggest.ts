import { nearestName } from "./fault.ts";

/** The name that was probably meant, or all there are: "its actions: dispense, withdraw". */
export function suggest(wrong: string, known: readonly string[], what: string): string {
  const near = nearestName(wrong, known);
  return near === undefined ? `${what}: ${known.join(", ") || "none"}` : `did you mean "${near}"?`;
}
