import type { AlarmPriority } from "../../loop/event.ts";
import type { AskPerson } from "../ask-person.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Puts questions to a person, each of them an alarm as long as it waits for its answer.
 *
 * @param runtime - of the campaign that asks; called when there is a question
 */
export function raisingQuestions(
  ask: AskPerson,
  runtime: () => Pick<Runtime, "raise" | "clear">,
  priority: AlarmPriority,
): AskPerson {
  let count = 0;
  return async (text, confirm, answers, back) => {
    if (!confirm) return ask(text, confirm, answers, back);
    count += 1;
    const alarm = `question.${count}`;
    const say = "answer at the terminal of `labloop run`";
    runtime().raise({ alarm, source: "question", priority, cause: text, say, readings: [] });
    let isOpen = true;
    const close = (): void => {
      if (isOpen) runtime().clear(alarm);
      isOpen = false;
    };
    // A question that is taken back may never be answered.
    back?.addEventListener("abort", close, { once: true });
    try {
      return await ask(text, confirm, answers, back);
    } finally {
      back?.removeEventListener("abort", close);
      close();
    }
  };
}
