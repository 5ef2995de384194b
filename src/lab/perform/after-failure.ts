import type { Fault } from "../../base/fault.ts";
import type { PerformCommand } from "../../loop/command.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import { FAILURE_ANSWERS, type FailureAnswer } from "../../loop/step-failure.ts";
import { type AskPerson, askAmong } from "../ask-person.ts";

/** What decides about an action that failed. */
export interface FailureOptions {
  readonly definition: Pick<LoopDefinition, "atFailure" | "asked">;
  readonly ask: AskPerson;
  /** Aborts when the campaign does nothing once more. */
  readonly signal: AbortSignal;
}

/** What a person or the campaign's policy makes of an action that failed and did nothing. */
export async function afterFailure(
  { definition, ask, signal }: FailureOptions,
  { role, action }: PerformCommand,
  fault: Fault,
): Promise<FailureAnswer> {
  const { atFailure, asked } = definition;
  const policy = atFailure?.byAction[`${role}.${action}`] ?? atFailure?.usual ?? "fail";
  if (policy === "fail" || signal.aborted) return "fail";
  const question = `${fault.message}. ${role}.${action} did nothing: what now?`;
  const choice = { question, answers: FAILURE_ANSWERS, signal, terms: asked?.failure };
  return (await askAmong(ask, choice)) ?? "fail";
}
