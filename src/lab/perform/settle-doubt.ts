import type { Fault } from "../../base/fault.ts";
import type { PerformCommand } from "../../loop/command.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import { DOUBT_ANSWERS, type DoubtAnswer } from "../../loop/doubt.ts";
import type { LoopEvent } from "../../loop/event.ts";
import { type AskPerson, askAmong } from "../ask-person.ts";
import { failed as failedAs, finished } from "./action-result.ts";

/** What decides about an action of which nobody knows whether it was done. */
export interface DoubtOptions {
  readonly definition: Pick<LoopDefinition, "doubts" | "asked">;
  readonly ask: AskPerson;
  /** Aborts when the campaign does nothing once more. */
  readonly signal: AbortSignal;
  /** Does an action, since a person has seen that it was not done. */
  perform(command: PerformCommand): Promise<LoopEvent>;
}

/** An action of which nobody knows whether it was done. */
export interface Doubt {
  readonly command: PerformCommand;
  readonly fault: Fault;
  /** Whether it ended with a fault, or its result was lost with a former process. */
  readonly why: "failed" | "lost";
}

/**
 * What becomes of a command of which nobody knows whether it was done, by the campaign's policy. Only one whose result
 * was lost can count as done unseen: of one that failed it is known that something went wrong.
 */
export async function settleDoubt(options: DoubtOptions, { command, fault, why }: Doubt): Promise<LoopEvent> {
  const { role, action } = command;
  const { doubts } = options.definition;
  const policy = doubts?.byAction[`${role}.${action}`] ?? doubts?.usual ?? "stop";
  const failed = failedAs(command, fault, "unknown");
  const done = (by: string): LoopEvent =>
    finished(command, {}, [`${role}.${action} counts as done, as ${by} says`]);
  if (options.signal.aborted) return failed;
  if (policy === "accept") return why === "lost" ? done("the campaign file") : failed;
  if (policy === "discard") return { ...failed, discardedBy: "the campaign file" };
  if (policy === "stop") return failed;
  switch (await askAbout(options, command, fault)) {
    case "done":
      return done("a person");
    case "not done":
      return options.perform(command);
    case "discard":
      return { ...failed, discardedBy: "a person" };
    case "stop":
      return failed;
  }
}

/** Where nobody is there to answer, the campaign stops. */
async function askAbout(
  { ask, definition: { asked } }: DoubtOptions,
  { role, action }: PerformCommand,
  fault: Fault,
): Promise<DoubtAnswer> {
  const question = `${fault.message}. Look at the sample: was ${role}.${action} done?`;
  const choice = { question, answers: DOUBT_ANSWERS, terms: asked?.doubt };
  return (await askAmong(ask, choice)) ?? "stop";
}
