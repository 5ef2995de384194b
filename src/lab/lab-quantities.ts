import { parseQuantity } from "../base/quantity.ts";
import type { GivenSettings } from "../instrument/index.ts";

/** Texts that are quantities become quantities; the declared settings decide about the rest. */
export function quantities(written: Readonly<Record<string, string | number>> = {}): GivenSettings {
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => {
      const parsed = typeof value === "string" && /^[-+.\d]/.test(value) ? parseQuantity(value) : undefined;
      return [name, parsed?.kind === "quantity" ? { value: parsed.value, unit: parsed.unit.symbol } : value];
    }),
  );
}
