import type { z } from "zod";
import { expressionSchema, quantitySchema, type Written } from "../../campaign/schema/quantity-schema.ts";

/** What is watched and its conditions, as a lab file has them. */
export interface WrittenWatch {
  readonly watch?: Written;
  readonly min?: Written;
  readonly max?: Written;
  readonly rate?: Written;
  readonly over?: Written;
  readonly against?: Written;
  readonly within?: Written;
  readonly hysteresis?: Written;
  readonly stale?: Written;
  readonly every?: Written;
}

/** The keys of what is watched, which interlocks and alarms share. */
export const watchKeys: Readonly<Record<keyof WrittenWatch, z.ZodOptional<typeof quantitySchema>>> = {
  watch: expressionSchema
    .describe('what is watched: a property such as "bath.temperature", or an expression of several')
    .optional(),
  min: quantitySchema.describe("least value that is right").optional(),
  max: quantitySchema.describe("greatest value that is right").optional(),
  rate: quantitySchema.describe('fastest change that is right, up or down, such as "5 K/min"').optional(),
  over: quantitySchema.describe('time over which the change is taken, such as "1 min"').optional(),
  against: expressionSchema.describe("another reading of the same, which has to agree").optional(),
  within: quantitySchema.describe("greatest difference from the other reading").optional(),
  hysteresis: quantitySchema
    .describe("how far back within its limits the value must come before it counts as right again")
    .optional(),
  stale: quantitySchema.describe("age at which a reading counts as none").optional(),
  every: quantitySchema.describe('time between two readings; "1 s" by default').optional(),
};
