import { z } from "zod";
import {
  keySchema,
  quantitySchema,
  termsSchema,
  type Written,
} from "../../campaign/schema/quantity-schema.ts";

const itemName = keySchema("a name");

/** What a lab file says about reagents and waste. */
export const stockSections: Readonly<
  Record<keyof WrittenStock, z.ZodOptional<z.ZodType<Readonly<Record<string, unknown>>>>>
> = {
  stock: z
    .record(
      itemName,
      z.strictObject({
        drawn: termsSchema.describe('what draws from it, such as "pump.dispense.volume"'),
        available: quantitySchema.describe("what is there unless a refill says otherwise"),
        reserve: quantitySchema.describe("what isn't to be used of it").optional(),
      }),
    )
    .describe("reagents, counted over all campaigns of the lab")
    .optional(),
  waste: z
    .record(
      itemName,
      z.strictObject({
        filled: termsSchema.describe('what fills it, such as "pump.withdraw.volume"'),
        capacity: quantitySchema.describe("what it holds"),
      }),
    )
    .describe("waste containers, counted over all campaigns of the lab")
    .optional(),
};

/** Stock and waste as a lab file has them. */
export interface WrittenStock {
  readonly stock?: Readonly<
    Record<
      string,
      { readonly drawn: readonly Written[]; readonly available: Written; readonly reserve?: Written }
    >
  >;
  readonly waste?: Readonly<
    Record<string, { readonly filled: readonly Written[]; readonly capacity: Written }>
  >;
}
