import { parseQuantity, type Quantity } from "../base/quantity.ts";
import type { GivenSettings } from "../instrument/index.ts";

/** Texts that are quantities become quantities; the declared settings decide about the rest. */
export function quantities(written: Readonly<Record<string, string | number>> = {}): GivenSettings {
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name,
      typeof value === "string" ? quantityOrText(value) : value,
    ]),
  );
}

/** A text that begins like a number and is a quantity, as a quantity. */
export function quantityOrText(text: string): Quantity | string {
  const parsed = /^[-+.\d]/.test(text) ? parseQuantity(text) : undefined;
  return parsed?.kind === "quantity" ? { value: parsed.value, unit: parsed.unit.symbol } : text;
}
