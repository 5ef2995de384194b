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

/** A question that has one of a few answers. */
export interface Choice<A extends string> {
  readonly question: string;
  readonly answers: readonly A[];
  /** Takes the question back. */
  readonly signal?: AbortSignal;
  readonly terms?: AskTerms | undefined;
}

/**
 * Asks until the answer is one of those that there are.
 *
 * @returns undefined where nobody is there to answer, or the question was taken back
 */
export async function askAmong<A extends string>(
  ask: AskPerson,
  { question, answers, signal, terms }: Choice<A>,
): Promise<A | undefined> {
  for (;;) {
    const given = await ask(question, true, answers, signal, terms);
    const said = given.trim().toLowerCase();
    const answer = answers.find((each) => each === said);
    if (answer !== undefined) return answer;
    if (given === SIMULATED || signal?.aborted) return undefined;
  }
}
