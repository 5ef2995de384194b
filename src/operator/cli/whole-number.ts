import { CliError } from "./cli-error.ts";

/**
 * A whole number given as text.
 *
 * @throws CliError with what to write when it is none
 */
export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && text.trim() !== "") return value;
  throw new CliError({
    code: "cli.not-a-number",
    message: `${name} is "${text}", but has to be a whole number`,
    advice: `write ${name} with a number, such as ${name} 7`,
  });
}
