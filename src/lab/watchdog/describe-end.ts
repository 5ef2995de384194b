import type { EventOf } from "../../loop/event.ts";

/** Why a watchdog acted, as people read it afterwards. */
export function describeEnd(why: EventOf<"watchdog.fired">["why"]): string {
  return why === "stalled" ? "labloop had stalled and was ended" : "labloop had ended without a goodbye";
}
