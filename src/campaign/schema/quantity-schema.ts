import { z } from "zod";

/** A quantity as a file has it: "300 uL", or a bare number where there is no unit. */
export const quantitySchema: z.ZodUnion<readonly [z.ZodString, z.ZodNumber]> = z
  .union([z.string(), z.number()])
  .describe('a quantity with its unit, such as "300 uL", "2.5 mL/min", "40 degC", "5 %" or a bare number');

/** An expression as a file has it; a bare number is one too. */
export const expressionSchema: z.ZodUnion<readonly [z.ZodString, z.ZodNumber]> = z
  .union([z.string(), z.number()])
  .describe('an expression with units, such as "300 uL - cyan - magenta"');

/** Words of the expression language, and names that every JavaScript object has. */
const TAKEN = new Set(["and", "or", "not", ...Object.getOwnPropertyNames(Object.prototype)]);

/** A name that expressions can use. */
export const nameSchema: z.ZodString = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name is made of letters, digits and _, and begins with a letter")
  .refine((name) => !TAKEN.has(name), "this word has a meaning of its own")
  .describe("a name of letters, digits and _");

/** The key of something that expressions don't use; `of` as messages have it, such as "a rule's name". */
export function keySchema(of: string): z.ZodString {
  return z.string().regex(/^[A-Za-z_][\w-]*$/, `${of} is made of letters, digits, _ and -`);
}

/** An action of an instrument; `example` as messages have it, such as "pump.dispense". */
export function actionNameSchema(example: string): z.ZodString {
  return z
    .string()
    .regex(
      /^[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*$/,
      `write instrument and action with a dot between, such as "${example}"`,
    )
    .describe(`instrument and action, such as "${example}"`);
}

/** What actions count for: each an argument, or an expression over arguments of one action. */
export const termsSchema: z.ZodArray<typeof expressionSchema> = z
  .array(expressionSchema)
  .min(1, 'name an argument, such as "pump.dispense.volume"');

/** A quantity or expression of a file. */
export type Written = string | number;
