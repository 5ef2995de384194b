import type { Cancel } from "../../base/clock.ts";
import type { Command } from "../../loop/command.ts";
import type { EventOf } from "../../loop/event.ts";
import type { AskPerson } from "../ask-person.ts";
import { type BreakingOff, type BreakOffs, brokenOff } from "./break-offs.ts";

/** Until a person has answered, or doesn't want to any more. */
export async function askStep(
  { ask, breakOffs }: { readonly ask: AskPerson; readonly breakOffs: Pick<BreakOffs, "on"> },
  { id, experiment, text, confirm, terms }: Extract<Command, { kind: "ask" }>,
): Promise<EventOf<"person.answered">> {
  const back = new AbortController();
  let forget: Cancel = () => undefined;
  const broken = new Promise<BreakingOff>((resolve) => {
    forget = breakOffs.on(experiment, (why) => {
      if (why.kind !== "discard" && why.kind !== "skip") return false;
      resolve(why);
      back.abort(brokenOff(why.kind));
      return true;
    });
  });
  const asked = ask(text, confirm, undefined, back.signal, terms);
  // A question that was taken back may end in whatever way.
  asked.catch(() => {});
  const said = await Promise.race([asked, broken]);
  forget();
  const about = { type: "person.answered", command: id, experiment, text } as const;
  if (typeof said === "string") return { ...about, answer: said };
  if (said.kind === "discard") return { ...about, answer: "discarded" };
  return { ...about, answer: "skipped", skippedBy: said.by };
}
