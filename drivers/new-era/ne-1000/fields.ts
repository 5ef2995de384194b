import { convert } from "labloop/instrument";

/** The pump's names of rate units; mL/min first, since it is what operators expect to see on the display. */
export const RATES = { MM: "mL/min", UM: "uL/min", MH: "mL/h", UH: "uL/h" } as const;

/**
 * A number as the pump takes it: at most four digits and at most three decimals, no exponent, such as "26.59",
 * "0.500" or "1699" (manual #1200-01, section 10.4).
 *
 * @returns undefined when the number is negative or has more than four digits before the point
 */
export function numberField(value: number): string | undefined {
  if (!(value >= 0)) return undefined;
  return [3, 2, 1, 0]
    .map((decimals) => value.toFixed(decimals))
    .find((text) => text.replace(".", "").length <= 4);
}

/** The coarsest step of {@link numberField} up to a value. */
export function fieldStep(most: number): number {
  const decimals = numberField(most)?.split(".")[1]?.length ?? 0;
  return 10 ** -decimals;
}

/** A rate as the pump takes it, and the rate that this is. */
export interface RateField {
  /** Such as "1.000MM". */
  readonly text: string;
  /** mL/min */
  readonly rate: number;
}

/**
 * The field that loses least of a rate.
 *
 * @param rate - mL/min, above 0
 * @returns undefined when no unit of the pump can hold it
 */
export function rateField(rate: number): RateField | undefined {
  const loss = (field: RateField): number => Math.abs(field.rate - rate);
  const fields = Object.entries(RATES).flatMap(([name, unit]): RateField[] => {
    const number = numberField(convert({ value: rate, unit: "mL/min" }, unit));
    if (number === undefined || Number(number) === 0) return [];
    return [{ text: number + name, rate: convert({ value: Number(number), unit }, "mL/min") }];
  });
  return fields.toSorted((a, b) => loss(a) - loss(b))[0];
}
