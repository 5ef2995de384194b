import type { Approval } from "../../loop/event.ts";
import type { QuestionTerms } from "../../loop/question-terms.ts";
import { type AskPerson, SIMULATED } from "../ask-person.ts";

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
  for (;;) {
    let by = operator;
    const onAnswer = (who: string): void => {
      by = who;
    };
    const said = (await ask(question, true, ANSWERS, undefined, { ...terms, onAnswer })).trim().toLowerCase();
    if (said === SIMULATED) return { answer: "approve", by: SIMULATED };
    const answer = ANSWERS.find((each) => each === said);
    if (answer !== undefined) return { answer, by };
  }
}
