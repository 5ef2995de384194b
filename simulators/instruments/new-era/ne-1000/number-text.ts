/** A number as the pump shows it: four digits with at most three decimals. */
export function showNumber(value: number): string {
  for (let decimals = 3; decimals > 0; decimals--) {
    const text = value.toFixed(decimals);
    if (text.length <= 5) return text;
  }
  return value.toFixed(0);
}

/** A number as the pump takes it, or undefined: at most four digits, at most three decimals. */
export function readNumber(text: string): number | undefined {
  if (!/^\d{0,4}(?:\.\d{0,3})?$/.test(text) || !/\d/.test(text)) return undefined;
  return text.replace(".", "").length <= 4 ? Number(text) : undefined;
}
