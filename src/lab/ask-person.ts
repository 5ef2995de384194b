import type { QuestionTerms } from "../loop/question-terms.ts";

/** Who may answer a question and until when, and who is told who did. */
export interface AskTerms extends QuestionTerms {
  onAnswer?(by: string): void;
}

/**
 * Puts something to the person in the lab.
 *
 * @param confirm - whether the person has to answer
 * @param answers - what can be answered; that it is done where absent
 * @param signal - takes the question back; it needs no answer then
 * @param terms - anybody may answer, at any time, when absent
 */
export type AskPerson = (
  text: string,
  confirm: boolean,
  answers?: readonly string[],
  signal?: AbortSignal,
  terms?: AskTerms,
) => Promise<string>;

/** What a question is answered by where nobody is there. */
export const SIMULATED = "simulated";
