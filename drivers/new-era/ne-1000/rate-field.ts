import { convert } from "labloop/instrument";
import { numberField } from "./number-field.ts";

/** The pump's names of rate units; mL/min first, since it is what operators expect to see on the display. */
const UNITS = { MM: "mL/min", UM: "uL/min", MH: "mL/h", UH: "uL/h" } as const;

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
  let best: RateField | undefined;
  for (const [name, unit] of Object.entries(UNITS)) {
    const number = numberField(convert({ value: rate, unit: "mL/min" }, unit));
    if (number === undefined || Number(number) === 0) continue;
    const field = { text: number + name, rate: convert({ value: Number(number), unit }, "mL/min") };
    if (best === undefined || Math.abs(field.rate - rate) < Math.abs(best.rate - rate)) best = field;
  }
  return best;
}

/** mL/min of a rate reply such as "1.000MM"; undefined when it is none. */
export function parseRate(data: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+)(UM|MM|UH|MH)$/.exec(data);
  if (match === null) return undefined;
  return convert({ value: Number(match[1]), unit: UNITS[match[2] as keyof typeof UNITS] }, "mL/min");
}
