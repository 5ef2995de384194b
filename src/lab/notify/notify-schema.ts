import { z } from "zod";
import { keySchema, quantitySchema, type Written } from "../../campaign/schema/quantity-schema.ts";
import { type WrittenWindow, windowSchema } from "../../campaign/window/window-schema.ts";
import type { AlarmPriority } from "../../loop/event.ts";
import { PRIORITIES } from "../alarm/alarm.ts";
import { OCCASIONS, type Occasion } from "./notify-policy.ts";

/** A person as the lab file has one. */
export interface WrittenPerson {
  readonly email?: string;
  readonly ntfy?: { readonly topic: string; readonly token_env?: string; readonly token_file?: string };
  readonly webhook?: { readonly url: string; readonly secret_env?: string; readonly secret_file?: string };
}

/** Who is in a lab. */
export interface WrittenPeople {
  readonly present?: WrittenWindow;
  readonly roles?: Readonly<Record<string, readonly string[]>>;
  readonly contacts?: Readonly<Record<string, WrittenPerson>>;
}

/** The mail server as the lab file has it. */
export interface WrittenMail {
  readonly server: string;
  readonly from: string;
  readonly user?: string;
  readonly password_env?: string;
  readonly password_file?: string;
  readonly encryption?: "required" | "from the start" | "none";
}

/** Who is told of what, as the lab file has it. */
export interface WrittenNotifyRule {
  readonly on: readonly Occasion[];
  readonly least?: AlarmPriority;
  readonly to: readonly string[];
  readonly repeat?: Written;
  readonly times?: number;
  readonly then?: readonly string[];
  readonly quiet?: WrittenWindow;
  readonly at?: string;
}

/** Where links in messages are answered, as the lab file has it. */
export interface WrittenReplies {
  readonly listen: string;
  readonly url?: string;
  readonly valid?: Written;
}

/** What a lab file says about notifications. */
export interface WrittenNotify {
  readonly mail?: WrittenMail;
  readonly replies?: WrittenReplies;
  readonly rules: readonly WrittenNotifyRule[];
}

const variable = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, "write the name of a variable, such as LABLOOP_MAIL_PASSWORD")
  .optional();

const address = z
  .string()
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'write an address, such as "ada@lab.example"');

const url = z
  .string()
  .regex(/^https?:\/\/[^\s@/]+(\/[^\s]*)?$/, "write an address with http(s):// and without a password");

const inFile = "file that has it in its first line, readable by its owner alone";

const person = z.strictObject({
  email: address.describe("address to which mail is sent; needs notify.mail").optional(),
  ntfy: z
    .strictObject({
      topic: url
        .regex(
          /^https?:\/\/[^/]+\/(.+\/)?[\w-]{1,64}$/,
          'write server and topic, such as "https://ntfy.sh/bench-7"',
        )
        .describe("server and topic; who knows the topic of an open server can read it"),
      token_env: variable.describe("environment variable that has the access token"),
      token_file: z.string().describe(inFile).optional(),
    })
    .describe("notifications of ntfy on a phone")
    .optional(),
  webhook: z
    .strictObject({
      url: url.describe("to which JSON is posted"),
      secret_env: variable.describe("environment variable that has the secret by which each call is signed"),
      secret_file: z.string().describe(inFile).optional(),
    })
    .describe("a program that takes signed calls over HTTP")
    .optional(),
});

/** Who is in a lab, and how they are reached. */
export const peopleSchema: z.ZodType<WrittenPeople> = z.strictObject({
  present: windowSchema.describe("when somebody is there").optional(),
  roles: z
    .record(z.string(), z.array(z.string()).min(1, "name somebody"))
    .describe("login names of who has a role, for questions that only some may answer")
    .optional(),
  contacts: z
    .record(keySchema("a person's name"), person)
    .describe("people by name, and how they are reached")
    .optional(),
}) as unknown as z.ZodType<WrittenPeople>;

const names = z.array(z.string()).min(1, "name somebody");

/** Who is told of what. */
export const notifySchema: z.ZodType<WrittenNotify> = z.strictObject({
  mail: z
    .strictObject({
      server: z
        .string()
        .regex(/^[^\s:@/]+:\d{1,5}$/, 'write host and port, such as "mail.lab.example:587"')
        .describe("host and port of the mail server"),
      from: address.describe("sender of the mail"),
      user: z.string().describe("name by which labloop logs in; it doesn't when absent").optional(),
      password_env: variable.describe(
        "environment variable that has the password; its value is kept nowhere",
      ),
      password_file: z.string().describe(inFile).optional(),
      encryption: z
        .enum(["required", "from the start", "none"])
        .describe("STARTTLS (required), TLS from the start, as at port 465, or none at all")
        .optional(),
    })
    .describe("the server through which mail is sent")
    .optional(),
  replies: z
    .strictObject({
      listen: z
        .string()
        .regex(
          /^(\[[\da-fA-F:]+\]|[^\s:@/[\]]+):\d{1,5}$/,
          'write address and port of this computer, such as "127.0.0.1:8089"',
        )
        .describe("address and port of this computer where links are answered while a campaign runs"),
      url: url
        .regex(/^[^?#]*$/, "write it without ? and #")
        .describe(
          "what links begin with: the address by which a phone gets there; http://<listen> by default",
        )
        .optional(),
      valid: quantitySchema.describe("how long a link can be used; 12 h by default").optional(),
    })
    .describe("links in messages, by which a question can be answered once, without a login")
    .optional(),
  rules: z
    .array(
      z.strictObject({
        on: z.array(z.enum(OCCASIONS)).min(1, "name an occasion").describe("what is told"),
        least: z
          .enum(PRIORITIES)
          .describe("least priority of the alarms that are told; all by default")
          .optional(),
        to: names.describe("who is told"),
        repeat: quantitySchema
          .describe("time after which it is told again until somebody acknowledges it")
          .optional(),
        times: z
          .int()
          .min(1)
          .describe("how often one is told before the next of `then`; 3 by default")
          .optional(),
        then: names.describe("who is told after that, one after the other; needs `repeat`").optional(),
        quiet: windowSchema
          .describe("hours in which only what is critical is told; the rest follows at their end")
          .optional(),
        at: z
          .string()
          .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'write a time of day in quotation marks, such as "07:45"')
          .describe("time of day of the summary; needs `on: [morning]`")
          .optional(),
      }),
    )
    .min(1, "write a rule")
    .describe("who is told of what, when"),
}) as unknown as z.ZodType<WrittenNotify>;
