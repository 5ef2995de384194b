import { z } from "zod";
import { expressionSchema, keySchema, quantitySchema, termsSchema, type Written } from "./quantity-schema.ts";
import { answeredBy, answeredWithin, type WrittenTerms } from "./question-schema.ts";

const why = z.string().describe("what the person reads whom it concerns");

const ruleName = keySchema("a rule's name");

/** The rules of safety that lab files and campaign files may have. */
export const safetySections: Readonly<
  Record<keyof WrittenSafety, z.ZodOptional<z.ZodType<Readonly<Record<string, unknown>>>>>
> = {
  envelopes: z
    .record(
      ruleName,
      z.strictObject({
        adds: termsSchema.describe('what fills it up, such as "pump.dispense.volume"'),
        takes: termsSchema.describe("what empties it; it is never emptier than empty").optional(),
        max: quantitySchema.describe("most that it may come to within one experiment"),
        why: why.optional(),
      }),
    )
    .describe("sums over the actions of one experiment that no action may bring above a limit")
    .optional(),
  forbidden: z
    .record(
      ruleName,
      z.strictObject({
        these: z
          .array(z.string())
          .min(1, "name an action")
          .describe(
            "actions of which never two different ones belong into one experiment; with `when`, actions that are forbidden while it holds",
          ),
        when: expressionSchema
          .describe(
            'while what holds, over readings and arguments (and in a campaign file parameters), such as "bath.temperature > 50 degC"',
          )
          .optional(),
        why,
      }),
    )
    .describe("what must never be done together, or under a condition")
    .optional(),
  approval: z
    .record(
      ruleName,
      z.strictObject({
        first: z
          .string()
          .describe('"experiment", or a parameter of which a choice is tried for the first time')
          .optional(),
        when: expressionSchema
          .describe("what makes a hazard, over arguments (and in a campaign file parameters)")
          .optional(),
        outside: z
          .literal("explored")
          .describe("a setting outside of the ranges that were measured already")
          .optional(),
        margin: quantitySchema
          .describe("how far beyond, as a share of what was explored; 0 when absent")
          .optional(),
        why,
        by: answeredBy,
        within: answeredWithin,
        otherwise: z.enum(["approve", "refuse"]).describe("answer when the time is over").optional(),
      }),
    )
    .describe("experiments that need a person's approval before they begin")
    .optional(),
};

/** An envelope as the file has it. */
export interface WrittenEnvelope {
  readonly adds: readonly Written[];
  readonly takes?: readonly Written[];
  readonly max: Written;
  readonly why?: string;
}

/** A forbidden combination as the file has it. */
export interface WrittenForbidden {
  readonly these: readonly string[];
  readonly when?: Written;
  readonly why: string;
}

/** A rule of approval as the file has it. */
export interface WrittenApproval extends WrittenTerms {
  readonly first?: string;
  readonly when?: Written;
  readonly outside?: "explored";
  readonly margin?: Written;
  readonly why: string;
}

/** The rules of safety as a file has them. */
export interface WrittenSafety {
  readonly envelopes?: Readonly<Record<string, WrittenEnvelope>>;
  readonly forbidden?: Readonly<Record<string, WrittenForbidden>>;
  readonly approval?: Readonly<Record<string, WrittenApproval>>;
}
