const PREFIX = "question.";

/** The name of a campaign's question by its number, such as "question.3"; its alarm has the same one. */
export function questionName(number: number): string {
  return `${PREFIX}${number}`;
}

/** The number by which a person answers a question, such as "3". */
export function questionNumber(name: string): string {
  return name.replace(PREFIX, "");
}
