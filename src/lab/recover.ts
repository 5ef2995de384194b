import type { Belief } from "../hypothesis/belief.ts";
import type { Command } from "../loop/command.ts";
import type { LoopEvent } from "../loop/event.ts";
import type { Loop } from "../loop/loop.ts";
import { commandsOf, eventOf, type JournalEntry } from "../record/journal-entry.ts";
import type { Compute } from "./compute/compute.ts";
import { learnFrom } from "./learn-from.ts";
import { type Progress, proceed } from "./progress.ts";

/** The fold over a journal, and what had no answer at its end. */
export interface Recovered {
  readonly progress: Progress;
  readonly outstanding: readonly Command[];
}

/**
 * Folds a journal: the machines step through its events, the belief is updated by every measurement.
 *
 * @param belief - before the first measurement
 * @param from - a snapshot; the beginning when absent
 */
export async function recover(
  loop: Loop,
  compute: Compute,
  belief: Belief,
  entries: AsyncIterable<JournalEntry> | Iterable<JournalEntry>,
  from?: Recovered,
): Promise<Recovered> {
  let progress: Progress = from?.progress ?? { state: loop.begin(), belief, observed: {} };
  const outstanding = new Map<string, Command>(
    (from?.outstanding ?? []).map((command) => [command.id, command]),
  );
  for await (const entry of entries) {
    const event = eventOf(entry);
    const stepped = loop.step(progress.state, event, Date.parse(entry.time));
    progress = proceed(progress, event, stepped, await learn(loop, compute, progress, event));
    if ("command" in event) outstanding.delete(event.command);
    for (const command of commandsOf(entry)) outstanding.set(command.id, command);
  }
  return { progress, outstanding: [...outstanding.values()] };
}

/** The belief that a journal's report stands for, computed again. */
async function learn(
  loop: Loop,
  compute: Compute,
  progress: Progress,
  event: LoopEvent,
): Promise<Belief | undefined> {
  if (event.type !== "belief.updated") return undefined;
  return (await learnFrom(compute, loop.definition.problem, progress, event.experiment))?.belief;
}
