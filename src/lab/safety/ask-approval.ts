import type { Approval } from "../../loop/event.ts";
import type { QuestionTerms } from "../../loop/question-terms.ts";
import { type AskPerson, askAmong, SIMULATED } from "../ask-person.ts";

const ANSWERS = ["approve", "refuse"] as const;

/**
 * Asks until the answer is one; where nobody is there, as in a rehearsal, it counts as approved.
 *
 * @param operator - who answers at the terminal
 * @param terms - who may, and until when
 */
export async function askApproval(
  ask: AskPerson,
  question: string,
  operator: string,
  terms: QuestionTerms = {},
): Promise<Pick<Approval, "answer" | "by">> {
  let by = operator;
  const onAnswer = (who: string): void => {
    by = who;
  };
  const anew: AskPerson = (...given) => {
    by = operator;
    return ask(...given);
  };
  const answer = await askAmong(anew, { question, answers: ANSWERS, terms: { ...terms, onAnswer } });
  return answer === undefined ? { answer: "approve", by: SIMULATED } : { answer, by };
}
