import { z } from "zod";
import { keySchema } from "../../campaign/schema/quantity-schema.ts";
import { stepSchema, type WrittenStep } from "../../campaign/schema/step-schema.ts";

/** A resource as the lab file has it. */
export interface WrittenResource {
  readonly places: number | readonly number[];
  readonly setup?: readonly WrittenStep[];
  readonly clean_up?: readonly WrittenStep[];
}

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
    setup: z
      .array(stepSchema)
      .min(1)
      .describe("steps of each experiment that has taken one, such as a rinse")
      .optional(),
    clean_up: z
      .array(stepSchema)
      .min(1)
      .describe("steps of each experiment that gives one back, also after a failure")
      .optional(),
  }),
) as unknown as z.ZodType<Readonly<Record<string, WrittenResource>>>;
