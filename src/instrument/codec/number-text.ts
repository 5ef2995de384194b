/**
 * A number of an instrument's answer, which has to be the whole text: digits, an optional sign, point and exponent.
 * Blanks around it are dropped. A decimal comma is no number: it belongs to a panel that was set to another language,
 * where thousands look alike.
 *
 * @returns undefined for everything else: "--.-", "OL", "nan", "0x1F", "", "1,5"
 */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * A number as instruments take it: a point, fixed decimals, no exponent, no "-0".
 *
 * @throws RangeError when it isn't finite, or so large that fixed decimals need an exponent
 */
export function numberText(value: number, decimals: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15)
    throw new RangeError(`${value} is no number that an instrument takes`);
  const text = value.toFixed(decimals);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/**
 * Text of a user that enters a command: printable ASCII only, since a carriage return would run a second command.
 *
 * @returns undefined when it has anything else
 */
export function commandText(text: string): string | undefined {
  return /^[ -~]*$/.test(text) ? text : undefined;
}
