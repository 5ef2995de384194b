import { z } from "zod";
import { quantitySchema, type Written } from "./quantity-schema.ts";

/** Who may answer a question, until when, as a file has it. */
export interface WrittenTerms {
  readonly by?: readonly string[] | undefined;
  readonly within?: Written | undefined;
  readonly otherwise?: string | undefined;
}

/** Who may answer. */
export const answeredBy: z.ZodOptional<z.ZodType<readonly string[]>> = z
  .array(z.string())
  .min(1, "name somebody")
  .describe("login names or roles of who may answer; anybody by default")
  .optional();

/** How long the answer may take. */
export const answeredWithin: z.ZodOptional<z.ZodType<Written>> = quantitySchema
  .describe("time after which `otherwise` counts as the answer")
  .optional();
