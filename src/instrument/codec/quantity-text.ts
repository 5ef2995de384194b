import { convert } from "../../base/quantity.ts";
import { parseNumber } from "./number-text.ts";

/**
 * A number with its unit behind it, as an instrument writes it: "12.5 g", "1.000MM".
 *
 * @param units - the instrument's names of units, and what labloop calls them
 * @param wanted - the unit of the result
 * @returns undefined when the number is none ({@link parseNumber}), and when the unit is not among `units`
 */
export function parseQuantity(
  text: string,
  units: Readonly<Record<string, string>>,
  wanted: string,
): number | undefined {
  const [, digits = "", name = ""] = /^(.*?)\s*([A-Za-z%]*)$/.exec(text.trim()) ?? [];
  const value = parseNumber(digits);
  const unit = Object.hasOwn(units, name) ? units[name] : undefined;
  return value === undefined || unit === undefined ? undefined : convert({ value, unit }, wanted);
}
