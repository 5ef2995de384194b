import type { Command } from "../../loop/command.ts";
import type { EventOf } from "../../loop/event.ts";
import type { Moments } from "../moments.ts";
import type { BreakOffs } from "./break-offs.ts";

/** Until a moment comes, or a person doesn't want to wait for it. */
export function waitStep(
  {
    moments,
    breakOffs,
  }: { readonly moments: Pick<Moments, "at">; readonly breakOffs: Pick<BreakOffs, "on"> },
  { id, until, experiment }: Extract<Command, { kind: "wait" }>,
): Promise<EventOf<"timer.elapsed">> {
  return new Promise((resolve) => {
    const end = (skippedBy?: string): void => {
      cancel();
      forget();
      resolve({
        type: "timer.elapsed",
        command: id,
        experiment,
        ...(skippedBy !== undefined && { skippedBy }),
      });
    };
    const cancel = moments.at(until, () => end());
    const forget = breakOffs.on(experiment, ({ kind, by }) => {
      if (kind !== "discard" && kind !== "skip") return false;
      end(kind === "skip" ? by : undefined);
      return true;
    });
  });
}
