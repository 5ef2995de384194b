/** Most characters of an answer in somebody's own words. */
export const LONGEST_ANSWER = 500;

/**
 * The answer that a form was sent with; undefined where it is none.
 *
 * @param form - as browsers write it: application/x-www-form-urlencoded
 * @param answers - what can be answered; anything where absent
 */
export function readReply(form: string, answers: readonly string[] | undefined): string | undefined {
  const written = new URLSearchParams(form).getAll("answer");
  const [first] = written;
  if (first === undefined || written.length > 1) return undefined;
  // An answer is one line, and steers no terminal.
  const answer = first.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ").trim();
  if (answers !== undefined) return answers.includes(answer) ? answer : undefined;
  return answer === "" || answer.length > LONGEST_ANSWER ? undefined : answer;
}
