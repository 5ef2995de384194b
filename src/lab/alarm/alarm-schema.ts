import { z } from "zod";
import { keySchema, quantitySchema, type Written } from "../../campaign/schema/quantity-schema.ts";
import type { AlarmPriority } from "../../loop/event.ts";
import { type WrittenWatch, watchKeys } from "../watch/watch-schema.ts";
import { PRIORITIES } from "./alarm.ts";
import { type PrioritySource, SOURCES } from "./policy.ts";

/** An alarm over readings as the lab file has it. */
export interface WrittenAlarm extends WrittenWatch {
  readonly on_delay?: Written;
  readonly off_delay?: Written;
  readonly priority: AlarmPriority;
  readonly say?: string;
  readonly unless?: readonly string[];
  readonly off?: string;
}

/** A rule of escalation as the lab file has it. */
export interface WrittenEscalation {
  readonly after: Written;
  readonly of?: readonly AlarmPriority[];
  readonly to?: AlarmPriority;
}

/** The alarms of a lab file. */
export interface WrittenAlarms {
  readonly readings?: Readonly<Record<string, WrittenAlarm>>;
  readonly priorities?: Partial<Readonly<Record<PrioritySource, AlarmPriority>>>;
  readonly escalate?: readonly WrittenEscalation[];
  readonly shelve_at_most?: Written;
}

const priority = z.enum(PRIORITIES);

const alarm = z.strictObject({
  ...watchKeys,
  on_delay: quantitySchema.describe("how long it must hold before the alarm is raised").optional(),
  off_delay: quantitySchema.describe("how long it must be over before the alarm is cleared").optional(),
  priority: priority.describe("how much it matters: by what comes of it, and by the time there is"),
  say: z.string().describe("what the person who comes has to do").optional(),
  unless: z
    .array(z.string())
    .describe("alarms and interlocks that say the same and more: while one stands, this one is suppressed")
    .optional(),
  off: z.string().min(1, "say why").describe("why it is out of service; nothing is read for it").optional(),
});

/** What a lab file says about alarms. */
export const alarmsSchema: z.ZodType<WrittenAlarms> = z.strictObject({
  readings: z
    .record(keySchema("an alarm's name"), alarm)
    .describe("what is told to people before an interlock has to act")
    .optional(),
  priorities: z
    .strictObject(Object.fromEntries(SOURCES.map((source) => [source, priority.optional()])))
    .describe("priorities of the alarms that are there by themselves")
    .optional(),
  escalate: z
    .array(
      z.strictObject({
        after: quantitySchema.describe("time without acknowledgement"),
        of: z
          .array(priority)
          .min(1, "name a priority")
          .describe("priorities that it is about; all by default")
          .optional(),
        to: priority.describe("its priority from then on; it is only told again by default").optional(),
      }),
    )
    .describe("what happens when nobody acknowledges an alarm")
    .optional(),
  shelve_at_most: quantitySchema
    .describe('longest time for which an alarm can be shelved; "8 h" by default')
    .optional(),
}) as unknown as z.ZodType<WrittenAlarms>;
