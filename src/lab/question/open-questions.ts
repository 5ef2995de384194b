import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import { foldQuestions, type PutQuestion, type QuestionBook } from "./question-book.ts";

/** The questions that a journal leaves open, in the order in which they were put. */
export function openQuestions(entries: readonly JournalEntry[]): readonly PutQuestion[] {
  const book = entries.reduce<QuestionBook>(
    (before, entry) => foldQuestions(before, eventOf(entry), Date.parse(entry.time)),
    {},
  );
  return Object.values(book).flatMap(({ standing, ...question }) =>
    standing.kind === "open" ? [question] : [],
  );
}
