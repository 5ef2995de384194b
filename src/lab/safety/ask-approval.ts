import type { Approval } from "../../loop/event.ts";
import { type AskPerson, SIMULATED } from "../ask-person.ts";

const ANSWERS = ["approve", "refuse"] as const;

/**
 * Asks until the answer is one; where nobody is there, as in a rehearsal, it counts as approved.
 *
 * @param operator - who answers at the terminal
 */
export async function askApproval(
  ask: AskPerson,
  question: string,
  operator: string,
): Promise<Pick<Approval, "answer" | "by">> {
  for (;;) {
    const said = (await ask(question, true, ANSWERS)).trim().toLowerCase();
    if (said === SIMULATED) return { answer: "approve", by: SIMULATED };
    const answer = ANSWERS.find((each) => each === said);
    if (answer !== undefined) return { answer, by: operator };
  }
}
