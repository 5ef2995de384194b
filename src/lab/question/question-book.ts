import type { AskedQuestion, EventOf, LoopEvent } from "../../loop/event.ts";

/** A question that was put to people. */
export interface PutQuestion extends AskedQuestion {
  /** Such as "question.3". */
  readonly name: string;
  readonly text: string;
  /** When it was put, milliseconds since 1970. */
  readonly since: number;
}

/** What became of a question: it waits, somebody answered it, or it isn't asked any more. */
export type QuestionStanding =
  | { readonly kind: "open" }
  | ({ readonly kind: "answered"; readonly at: number } & Pick<
      EventOf<"question.answered">,
      "answer" | "by" | "via"
    >)
  | { readonly kind: "over"; readonly at: number };

/** A question, and what became of it. */
export interface KnownQuestion extends PutQuestion {
  readonly standing: QuestionStanding;
}

/** The latest question of each name. */
export type QuestionBook = Readonly<Record<string, KnownQuestion>>;

/**
 * The questions after an event; the very same book where it says nothing of them.
 *
 * @param at - when it happened, milliseconds since 1970
 */
export function foldQuestions(book: QuestionBook, event: LoopEvent, at: number): QuestionBook {
  switch (event.type) {
    case "alarm.raised": {
      const { alarm: name, cause: text, question } = event;
      if (question === undefined) return book;
      return { ...book, [name]: { ...question, name, text, since: at, standing: { kind: "open" } } };
    }
    case "alarm.cleared":
      return closed(book, event.alarm, { kind: "over", at });
    case "question.answered": {
      const { question, answer, by, via } = event;
      return closed(book, question, { kind: "answered", at, answer, by, ...(via && { via }) });
    }
    // What was asked is asked again by the process that goes on.
    case "campaign.resumed":
    case "campaign.concluded":
      return Object.keys(book).reduce((each, name) => closed(each, name, { kind: "over", at }), book);
    default:
      return book;
  }
}

/** Whatever comes first closes a question: an answer is followed by the end of its alarm. */
function closed(book: QuestionBook, name: string, standing: QuestionStanding): QuestionBook {
  const question = Object.hasOwn(book, name) ? book[name] : undefined;
  return question?.standing.kind === "open" ? { ...book, [name]: { ...question, standing } } : book;
}
