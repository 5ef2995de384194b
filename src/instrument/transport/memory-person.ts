import type { Person, PersonAnswer, PersonQuestion } from "./person.ts";

/** Answers a question, or stays away. */
export type Answering = (question: PersonQuestion, signal: AbortSignal) => Promise<PersonAnswer>;

/** A person in memory: whoever plays it says how it answers. */
export interface MemoryPerson extends Person {
  answerWith(answering: Answering): void;
}

/** Makes a person who isn't there until somebody answers for it. */
export function memoryPerson(): MemoryPerson {
  let answering: Answering = async ({ instrument }) => ({
    kind: "not answered",
    fault: {
      code: "instrument.no-answer",
      message: `nobody answers for ${instrument}`,
      advice: "simulate the person, or run with --live",
    },
  });
  return {
    answerWith(how) {
      answering = how;
    },
    ask: (question, signal) => answering(question, signal),
    close: async () => undefined,
  };
}
