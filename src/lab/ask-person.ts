/**
 * Puts something to the person in the lab.
 *
 * @param confirm - whether the person has to answer
 * @param answers - what can be answered; that it is done where absent
 * @param signal - takes the question back; it needs no answer then
 */
export type AskPerson = (
  text: string,
  confirm: boolean,
  answers?: readonly string[],
  signal?: AbortSignal,
) => Promise<string>;

/** What a question is answered by where nobody is there. */
export const SIMULATED = "simulated";
