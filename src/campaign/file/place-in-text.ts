/** Line and column, from 1, of a character of a text. */
export function placeInText(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const lineBegin = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: at - lineBegin + 1 };
}
