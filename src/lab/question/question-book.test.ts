import { describe, expect, it } from "vitest";
import type { LoopEvent } from "../../loop/event.ts";
import { foldQuestions, type QuestionBook } from "./question-book.ts";

function put(name: string, text = "Change the vial"): LoopEvent {
  const question = { answers: ["done", "not done"] };
  return {
    type: "alarm.raised",
    alarm: name,
    source: "question",
    priority: "high",
    cause: text,
    readings: [],
    question,
  };
}

/** What became of each question after events, one second apart. */
function after(...events: readonly LoopEvent[]): Readonly<Record<string, unknown>> {
  const book = events.reduce<QuestionBook>((before, event, i) => foldQuestions(before, event, 1000 * i), {});
  return Object.fromEntries(Object.entries(book).map(([name, { standing }]) => [name, standing]));
}

const cleared = (alarm: string): LoopEvent => ({ type: "alarm.cleared", alarm, readings: [] });

const answered: LoopEvent = {
  type: "question.answered",
  question: "question.1",
  text: "Change the vial",
  answer: "done",
  by: "ada",
  via: "link",
};

describe("the book of questions", () => {
  it("has what was answered by whom and how, also when its alarm is over", () => {
    const standing = { kind: "answered", at: 1000, answer: "done", by: "ada", via: "link" };
    expect(after(put("question.1"), answered, cleared("question.1"))).toEqual({ "question.1": standing });
  });

  it("has as over what was taken back, and what an earlier process asked", () => {
    const resumed: LoopEvent = { type: "campaign.resumed", by: "ada", inDoubt: [] };
    expect(after(put("question.1"), cleared("question.1"), put("question.2"), resumed)).toEqual({
      "question.1": { kind: "over", at: 1000 },
      "question.2": { kind: "over", at: 3000 },
    });
  });

  it("has a question that is put again under the same name as another one", () => {
    const book = [put("question.1"), answered, put("question.1", "Close the valve")].reduce<QuestionBook>(
      (before, event, i) => foldQuestions(before, event, i),
      {},
    );
    expect(book["question.1"]).toMatchObject({
      text: "Close the valve",
      since: 2,
      standing: { kind: "open" },
    });
  });

  it("stays the very same when nothing is said of a question", () => {
    const book: QuestionBook = {};
    for (const event of [cleared("warm"), cleared("constructor"), answered])
      expect(foldQuestions(book, event, 0)).toBe(book);
  });
});
