import type { Quantity } from "../../base/quantity.ts";
import { quantityOrText } from "../../lab/lab-quantities.ts";
import { CliError } from "./cli-error.ts";

/**
 * A name and its value, given as "name=value".
 *
 * @param option - for messages
 * @param example - a good value of the option
 * @throws CliError when one of them isn't there
 */
export function namedValue(option: string, text: string, example: string): [name: string, value: string] {
  const at = text.indexOf("=");
  const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && name !== "" && value !== "") return [name, value];
  throw new CliError({
    code: "cli.bad-pair",
    message: `${option} "${text}" is no name with a value`,
    advice: `write both, such as ${option} ${example}`,
  });
}

/**
 * Names and their values, each given as "name=value"; a number without a unit is in the declared one.
 *
 * @param option - for messages
 * @param example - a good value of the option
 * @throws CliError when one of them is no pair
 */
export function namedQuantities(
  option: string,
  texts: readonly string[],
  example: string,
): Record<string, number | string | Quantity> {
  return Object.fromEntries(
    texts.map((each) => {
      const [name, text] = namedValue(option, each, example);
      const value = quantityOrText(text);
      const bare = typeof value === "object" && (value.unit === "1" || value.unit === "");
      return [name, bare ? value.value : value];
    }),
  );
}
