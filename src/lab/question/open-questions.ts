import type { AskedQuestion } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";

/** A question that waits for its answer. */
export interface OpenQuestion extends AskedQuestion {
  /** Such as "question.3". */
  readonly name: string;
  readonly text: string;
  /** When it was put, milliseconds since 1970. */
  readonly since: number;
}

/** The questions that a journal leaves open, in the order in which they were put. */
export function openQuestions(entries: readonly JournalEntry[]): readonly OpenQuestion[] {
  const open = new Map<string, OpenQuestion>();
  for (const entry of entries) {
    const event = eventOf(entry);
    if (event.type === "alarm.raised" && event.question !== undefined) {
      const { alarm: name, cause: text, question } = event;
      open.set(name, { ...question, name, text, since: Date.parse(entry.time) });
    }
    if (event.type === "alarm.cleared") open.delete(event.alarm);
    if (event.type === "question.answered") open.delete(event.question);
    if (event.type === "campaign.resumed" || event.type === "campaign.concluded") open.clear();
  }
  return [...open.values()];
}
