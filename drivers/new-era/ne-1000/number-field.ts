/**
 * A number as the pump takes it: at most four digits and at most three decimals, no exponent, such as "26.59",
 * "0.500" or "1699" (manual #1200-01, section 10.4).
 *
 * @returns undefined when the number is negative or has more than four digits before the point
 */
export function numberField(value: number): string | undefined {
  if (!(value >= 0)) return undefined;
  for (let decimals = 3; decimals >= 0; decimals--) {
    const text = value.toFixed(decimals);
    if (text.replace(".", "").length <= 4) return text;
  }
  return undefined;
}

/** The coarsest step of {@link numberField} up to a value. */
export function fieldStep(most: number): number {
  const decimals = numberField(most)?.split(".")[1]?.length ?? 0;
  return 10 ** -decimals;
}
