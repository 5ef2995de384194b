import { parseNumber } from "../codec/number-text.ts";
import type { LineDevice } from "./line-device.ts";

/** A line that isn't empty. */
const WHOLE_LINE = /^\s*(\S.*?)\s*$/;

/**
 * Asks a question that is answered with one number.
 *
 * @param form - what the answer looks like, with the number in its first group; a line of another form is no answer to
 * this question. Without it the whole line has to be the number.
 * @throws Trouble when nothing of that form comes, and when its first group is no number
 */
export async function askNumber(
  device: LineDevice,
  asked: string,
  form: RegExp = WHOLE_LINE,
): Promise<number> {
  const [line, text = ""] = await device.ask(asked, (message) => form.exec(message) ?? undefined);
  return parseNumber(text) ?? device.unreadable(asked, line);
}
