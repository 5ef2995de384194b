import { z } from "zod";
import {
  actionNameSchema,
  expressionSchema,
  nameSchema,
  quantitySchema,
  type Written,
} from "./quantity-schema.ts";
import { answeredBy, answeredWithin, type WrittenTerms } from "./question-schema.ts";

/** How long a sample may wait for a step. */
export interface WrittenDwell {
  readonly mark?: string | undefined;
  readonly no_later?: { readonly than: string; readonly by: Written } | undefined;
}

/** A step of a procedure as a file, or a procedure written in TypeScript, gives it. */
export type WrittenStep =
  | (WrittenDwell & {
      readonly do: string;
      readonly with?: Readonly<Record<string, Written>> | undefined;
      readonly as?: string | undefined;
      readonly within?: Written | undefined;
      readonly always?: boolean | undefined;
    })
  | (WrittenDwell & {
      readonly measure: string;
      readonly as: string;
      readonly with?: Readonly<Record<string, Written>> | undefined;
      readonly times?: Written | undefined;
      readonly within?: Written | undefined;
    })
  | { readonly wait: Written; readonly always?: boolean | undefined }
  | {
      readonly wait_until: string;
      readonly poll: readonly WrittenStep[];
      readonly every: Written;
      readonly within: Written;
    }
  | { readonly compute: Readonly<Record<string, Written>> }
  | { readonly repeat: Written; readonly steps: readonly WrittenStep[] }
  | { readonly parallel: readonly (WrittenStep | readonly WrittenStep[])[] }
  | { readonly hold: string | readonly string[]; readonly steps: readonly WrittenStep[] }
  | {
      readonly when: string;
      readonly steps: readonly WrittenStep[];
      readonly else?: readonly WrittenStep[] | undefined;
    }
  | ({
      readonly note: string;
      readonly confirm?: boolean | undefined;
      readonly always?: boolean | undefined;
    } & WrittenTerms);

const within = quantitySchema.describe("deadline; the step fails when it takes longer").optional();
const dwell = {
  mark: nameSchema.describe("name of the moment at which this step ends").optional(),
  no_later: z
    .strictObject({
      than: nameSchema.describe("mark of a step before"),
      by: quantitySchema.describe('time after it, such as "10 min"'),
    })
    .describe("the experiment fails where this step would begin later than that")
    .optional(),
};
const always = z.boolean().describe("also done after a failure, to clean up").optional();
const given = z
  .record(z.string(), expressionSchema)
  .describe("arguments by name; expressions over parameters and readings")
  .optional();
const action = actionNameSchema("pump.dispense");

/** The schema of one step. */
export const stepSchema: z.ZodType<WrittenStep> = z.lazy(() =>
  z.union([
    z.strictObject({
      do: action,
      with: given,
      as: nameSchema.describe("name under which readings are kept").optional(),
      within,
      always,
      ...dwell,
    }),
    z.strictObject({
      measure: action.describe("an action that gives readings"),
      as: nameSchema.describe("name under which readings are kept"),
      with: given,
      times: expressionSchema.describe("how often; the measurement uses the mean").optional(),
      within,
      ...dwell,
    }),
    z.strictObject({ wait: expressionSchema.describe("a time"), always }),
    z.strictObject({
      wait_until: z.string().describe("a condition over readings"),
      poll: z.array(stepSchema).min(1).describe("steps that read what the condition looks at"),
      every: quantitySchema.describe("time between two looks"),
      within: quantitySchema.describe("deadline"),
    }),
    z.strictObject({ compute: z.record(nameSchema, expressionSchema).describe("values by name") }),
    z.strictObject({ repeat: expressionSchema.describe("how often"), steps: z.array(stepSchema).min(1) }),
    z.strictObject({
      parallel: z
        .array(z.union([stepSchema, z.array(stepSchema).min(1)]))
        .min(1)
        .describe("steps, or lists of steps, at the same time"),
    }),
    z.strictObject({
      hold: z
        .union([nameSchema, z.array(nameSchema).min(1)])
        .describe("instruments, or resources of the lab file, that the experiment has for itself meanwhile"),
      steps: z.array(stepSchema).min(1),
    }),
    z.strictObject({
      when: z.string().describe("a condition"),
      steps: z.array(stepSchema).min(1).describe("done when it holds"),
      else: z.array(stepSchema).min(1).describe("done when it doesn't").optional(),
    }),
    z.strictObject({
      note: z.string().describe("a remark for the person in the lab"),
      confirm: z.boolean().describe("wait until the person answers").optional(),
      by: answeredBy,
      within: answeredWithin,
      otherwise: z.string().describe("answer when the time is over, such as done").optional(),
      always,
    }),
  ]),
) as z.ZodType<WrittenStep>;
