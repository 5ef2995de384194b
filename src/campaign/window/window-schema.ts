import { z } from "zod";
import { quantitySchema, type Written } from "../schema/quantity-schema.ts";
import { WEEKDAYS, type Weekday } from "./window.ts";

/** A window as a file gives it. */
export interface WrittenWindow {
  readonly from: string;
  readonly to: string;
  readonly days?: readonly Weekday[];
}

/** A window of a whole lab or campaign. */
export interface WrittenUseWindow extends WrittenWindow {
  readonly last_start?: Written;
}

const time = z
  .string()
  .regex(/^([01]?\d|2[0-3]):[0-5]\d$|^24:00$/, 'write a time of day in quotation marks, such as "19:00"');

const windowFields: z.ZodRawShape = {
  from: time.describe("time of day at which it opens"),
  to: time.describe("time of day at which it closes, on the next day when that isn't later"),
  days: z.array(z.enum(WEEKDAYS)).min(1).describe("days on which it opens; all by default").optional(),
};

/** The schema of a window. */
export const windowSchema: z.ZodType<WrittenWindow> = z.strictObject(
  windowFields,
) as unknown as z.ZodType<WrittenWindow>;

/** Fields of a window in which experiments are begun. */
export const useWindowFields: z.ZodRawShape = {
  ...windowFields,
  last_start: quantitySchema
    .describe(
      "time before its end at which no experiment begins; what an experiment takes at most by default",
    )
    .optional(),
};

const HOUR = 3_600_000;

/** Milliseconds of a day at a time such as "19:00". */
export function timeOfWall(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * HOUR + minutes * 60_000;
}
