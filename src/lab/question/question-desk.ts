import type { Clock } from "../../base/clock.ts";
import type { AlarmPriority, LoopEvent, PersonRequest } from "../../loop/event.ts";
import type { AskPerson } from "../ask-person.ts";
import type { Runtime } from "../runtime.ts";
import { mayAnswer, type Roles } from "./may-answer.ts";
import { questionName } from "./question-name.ts";

/** What puts questions to people. */
export interface QuestionDeskOptions {
  /** Asks whoever sits at the terminal. */
  readonly ask: AskPerson;
  /** Who that is. */
  readonly operator: string;
  readonly roles: Roles;
  readonly priority: AlarmPriority;
  readonly clock: Clock;
  /** Of the campaign that asks; called when there is a question. */
  readonly runtime: () => Pick<Runtime, "raise" | "clear">;
  /** Has an event journaled. */
  tell(event: LoopEvent): void;
}

/** Who a question is answered by when its time is over. */
export const NOBODY_IN_TIME = "nobody in time";

interface Said {
  readonly answer: string;
  readonly by: string;
  readonly via?: "link";
}

interface Open {
  readonly text: string;
  readonly answers: readonly string[] | undefined;
  readonly by: readonly string[] | undefined;
  take(said: Said): void;
}

/**
 * Puts questions to people, each of them an alarm as long as it waits: at the terminal, and for answers from elsewhere. The
 * first answer counts, or the one that the file has for when the time is over.
 */
export class QuestionDesk {
  readonly #options: QuestionDeskOptions;
  readonly #open = new Map<string, Open>();
  #count = 0;

  constructor(options: QuestionDeskOptions) {
    this.#options = options;
  }

  readonly ask: AskPerson = async (text, confirm, answers, back, terms = {}) => {
    const { ask, runtime, operator, roles, priority, clock } = this.#options;
    if (!confirm) return ask(text, confirm, answers, back);
    this.#count += 1;
    const name = questionName(this.#count);
    const { by, otherwise, onAnswer } = terms;
    const until = otherwise && clock.now() + otherwise.after;
    const question = {
      ...(answers && { answers }),
      ...(by && { by }),
      ...(otherwise && until !== undefined && { until, otherwise: otherwise.answer }),
    };
    const say = adviceOf(answers, by);
    runtime().raise({ alarm: name, source: "question", priority, cause: text, say, readings: [], question });
    const over = new AbortController();
    const said = new Promise<Said>((take) => {
      this.#open.set(name, { text, answers, by, take });
    });
    const late = new Promise<Said>((take) => {
      if (otherwise === undefined || until === undefined) return;
      const cancel = clock.at(until, () => take({ answer: otherwise.answer, by: NOBODY_IN_TIME }));
      over.signal.addEventListener("abort", cancel, { once: true });
    });
    const close = (): void => {
      if (!this.#open.delete(name)) return;
      over.abort(new Error("the question is answered"));
      runtime().clear(name);
    };
    // A question that is taken back may never be answered.
    back?.addEventListener("abort", close, { once: true });
    // Who may not answer is told of it as an alarm.
    const here = mayAnswer(roles, by, operator)
      ? ask(text, confirm, answers, back ? AbortSignal.any([back, over.signal]) : over.signal).then(
          (answer): Said => ({ answer, by: operator }),
        )
      : undefined;
    try {
      const first = await Promise.race([...(here ? [here] : []), said, late]);
      if (this.#open.has(name))
        this.#options.tell({ type: "question.answered", question: name, text, ...first });
      onAnswer?.(first.by);
      return first.answer;
    } finally {
      back?.removeEventListener("abort", close);
      close();
    }
  };

  /** Takes an answer from elsewhere; false when there is no such question any more, or it isn't theirs to answer. */
  answer({ question = "", about, answer = "", by, via }: PersonRequest): boolean {
    const open = this.#open.get(question);
    // A question of an earlier process may have had the same number.
    if (open === undefined || open.text !== about) return false;
    if (!mayAnswer(this.#options.roles, open.by, by)) return false;
    if (open.answers !== undefined && !open.answers.includes(answer)) return false;
    open.take({ answer, by, ...(via && { via }) });
    return true;
  }
}

function adviceOf(answers: readonly string[] | undefined, by: readonly string[] | undefined): string {
  const choice = answers === undefined ? "" : ` with ${answers.join(", ")}`;
  const only = by === undefined ? "" : `; only ${by.join(", ")} may`;
  return `answer${choice} at the terminal of \`labloop run\`, or by \`labloop answer\`${only}`;
}
