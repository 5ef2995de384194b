import { z } from "zod";
import {
  actionNameSchema,
  expressionSchema,
  keySchema,
  quantitySchema,
  type Written,
} from "../../campaign/schema/quantity-schema.ts";

/** A resource as the lab file has it. */
export interface WrittenResource {
  readonly places: number | readonly number[];
  readonly setup?: readonly WrittenResourceStep[];
  readonly clean_up?: readonly WrittenResourceStep[];
}

/** What is done with a resource before or after its use, as the lab file has it. */
export interface WrittenResourceStep {
  readonly do: string;
  readonly with?: Readonly<Record<string, Written>>;
  readonly within?: Written;
}

const steps = z
  .array(
    z.strictObject({
      do: actionNameSchema("valve.select"),
      with: z
        .record(z.string(), expressionSchema)
        .describe("its arguments, which may speak of <name>.place")
        .optional(),
      within: quantitySchema.describe("deadline; the step fails when it takes longer").optional(),
    }),
  )
  .min(1, "name a step");

/** What experiments take for a while. */
export const resourcesSchema: z.ZodType<Readonly<Record<string, WrittenResource>>> = z.record(
  keySchema("a resource's name"),
  z.strictObject({
    places: z
      .union([
        z.int().min(1).max(384),
        z
          .array(z.int().min(0))
          .min(1, "name a number")
          .refine((places) => new Set(places).size === places.length, "each number can be there only once"),
      ])
      .describe("how many there are, or their numbers; steps know the one they have as <name>.place"),
    setup: steps.describe("steps of each experiment that has taken one, such as a rinse").optional(),
    clean_up: steps.describe("steps of each experiment that gives one back, also after a failure").optional(),
  }),
) as unknown as z.ZodType<Readonly<Record<string, WrittenResource>>>;
