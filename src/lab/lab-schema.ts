import { z } from "zod";
import {
  actionNameSchema,
  keySchema,
  quantitySchema,
  type Written,
} from "../campaign/schema/quantity-schema.ts";
import { safetySections, type WrittenSafety } from "../campaign/schema/safety-schema.ts";
import {
  useWindowFields,
  type WrittenUseWindow,
  type WrittenWindow,
  windowSchema,
} from "../campaign/window/window-schema.ts";
import type { ProtocolVersion } from "../instrument/index.ts";
import type { TripAction } from "../loop/event.ts";
import { alarmsSchema, type WrittenAlarms } from "./alarm/alarm-schema.ts";
import {
  notifySchema,
  peopleSchema,
  type WrittenNotify,
  type WrittenPeople,
} from "./notify/notify-schema.ts";
import { resourcesSchema, type WrittenResource } from "./resource/resource-schema.ts";
import { FAULT_NAMES, type FaultName } from "./scheduled-faults.ts";
import { stockSections, type WrittenStock } from "./stock/stock-schema.ts";
import { type WrittenWatch, watchKeys } from "./watch/watch-schema.ts";

const settings = z.record(z.string(), quantitySchema);

const driver = z
  .string()
  .regex(
    /^[\w@.-]+(\/[\w.-]+)*$|^\.{1,2}\//,
    'write vendor and model, such as "new-era/ne-1000", a package, or a path that begins with "./"',
  )
  .describe(
    'vendor and model of a driver that comes with labloop, a package, or a path that begins with "./"',
  );

const hexadecimal = z
  .string()
  .regex(/^[\da-fA-F]{4}$/, "write four hexadecimal digits in quotation marks")
  .optional();

const interlock = z.strictObject({
  ...watchKeys,
  before: z
    .union([z.string(), z.array(z.string()).min(1, "name an action")])
    .describe('judged right before these actions only, such as "plate.heat"')
    .optional(),
  exclusive: z
    .array(z.string())
    .min(2, "name two actions or instruments at least")
    .describe("instruments or actions of which never two are under way at once; the second waits")
    .optional(),
  then: z
    .enum(["pause", "abort", "halt"])
    .describe(
      "what follows: nothing more is done before a person acknowledges it, the safe state now, or that before anything is written down",
    )
    .optional(),
  procedure: z
    .string()
    .describe("safe procedure that comes before every instrument is told to be safe; with abort")
    .optional(),
  say: z.string().describe("what the person who comes has to do").optional(),
});

/** The schema of lab.yaml. */
export const labSchema: z.ZodType<WrittenLab> = z.strictObject({
  labloop: z.literal(1, "this version of labloop reads format 1").describe("format version"),
  name: z.string(),
  simulation: z
    .strictObject({
      start: z
        .string()
        .describe('time at which a simulated campaign begins, "2030-01-01 18:00" by default')
        .optional(),
      zone: z.string().describe('time zone of the lab, such as "Europe/Berlin"').optional(),
      process: z.string().describe("what the simulated instruments act on and look at").optional(),
      settings: settings.describe("settings of the process").optional(),
      faults: z
        .array(
          z.strictObject({
            at: z
              .string()
              .describe(
                'when it begins: a time of day such as "02:10", or a time after the start such as "3 h"',
              ),
            instrument: z.string().describe("which instrument fails"),
            fault: z.enum(FAULT_NAMES).describe("what happens"),
            for: quantitySchema.describe('how long it lasts, such as "5 min"').optional(),
            property: z.string().describe("what drifts or sticks").optional(),
            "per-hour": quantitySchema
              .describe('by how much it drifts or heats in an hour, such as "0.5 K"')
              .optional(),
            byte: z
              .number()
              .int()
              .min(1)
              .describe("bytes of what the instrument says that arrive before the line is cut")
              .optional(),
          }),
        )
        .describe("what goes wrong in a rehearsal, and when")
        .optional(),
    })
    .optional(),
  instruments: z.record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, "an instrument's name is made of letters, digits, _ and -"),
    z.strictObject({
      driver,
      connect: z
        .union([
          z.strictObject({ serial: z.string().describe("path of the serial port") }),
          z.strictObject({
            usb: z
              .strictObject({ serial: z.string().optional(), vendor: hexadecimal, product: hexadecimal })
              .describe("the USB adapter of a serial port, whatever the system calls the port today"),
          }),
          z.strictObject({
            tcp: z
              .string()
              .regex(/^[^\s:]+:\d{1,5}$/, 'write host and port, such as "192.168.1.20:5025"')
              .describe("host and port of the instrument, or of the server that has its serial port"),
          }),
          z.strictObject({
            program: z
              .array(z.string())
              .min(1, "name the program")
              .describe("the program and its arguments; it is started without a shell"),
          }),
          z.strictObject({
            mqtt: z
              .string()
              .regex(
                /^(?![^/]*\/\/[^/]*:[^/]*@)/,
                "a password here would be kept in every record of the campaign: write mqtt://user@host, and `password_env` or `password_file`",
              )
              .describe('address of the broker, such as "mqtt://labloop@broker.lab:1883"'),
            password_env: z
              .string()
              .regex(/^[A-Za-z_]\w*$/, "write the name of a variable, such as LABLOOP_MQTT_PASSWORD")
              .describe("environment variable that has the password; its value is kept nowhere")
              .optional(),
            password_file: z
              .string()
              .describe("file that has the password in its first line, readable by its owner alone")
              .optional(),
            version: z
              .literal([4, 5])
              .describe("version of MQTT that broker and instrument speak: 5, or 4 for MQTT 3.1.1")
              .optional(),
            session_expiry: quantitySchema
              .describe(
                'how long the broker keeps messages while the connection is down, such as "10 min"; needs version 5',
              )
              .optional(),
            client_id: z
              .string()
              .min(1, "give an id, or leave it out")
              .describe("name by which the broker knows this connection; no other may have it")
              .optional(),
          }),
          z.strictObject({ folder: z.string().describe("folder into which the files are put") }),
          z.strictObject({ person: z.literal("terminal").describe("whoever sits at the terminal") }),
        ])
        .describe("where the instrument is plugged in; not needed for a simulation")
        .optional(),
      expect: z
        .strictObject({ model: z.string().optional(), serial: z.string().optional() })
        .describe("who has to answer there; another instrument is refused")
        .optional(),
      settings: settings.describe("settings of the driver").optional(),
      limits: z
        .record(
          z.string(),
          z.strictObject({ min: quantitySchema.optional(), max: quantitySchema.optional() }),
        )
        .describe('limits narrower than the instrument\'s, by "action.argument"')
        .optional(),
      simulated: settings.describe("settings of the simulated instrument").optional(),
      window: windowSchema.describe("when this instrument may be used").optional(),
      at_once: z
        .int()
        .min(2)
        .max(384)
        .describe("actions of different experiments that it does at a time; one by default")
        .optional(),
    }),
  ),
  interlocks: z
    .record(keySchema("an interlock's name"), interlock)
    .describe("conditions that must hold while a campaign runs, and what follows when they don't")
    .optional(),
  alarms: alarmsSchema
    .describe("what wants a person's attention, how much, and what if nobody comes")
    .optional(),
  ...safetySections,
  ...stockSections,
  resources: resourcesSchema
    .describe("what experiments take for a while besides instruments: vials, positions, channels")
    .optional(),
  safe_procedures: z
    .record(
      keySchema("a procedure's name"),
      z
        .array(
          z.strictObject({
            do: actionNameSchema("valve.close"),
            with: settings.describe("its arguments").optional(),
            within: quantitySchema.describe('how long it may take; "10 s" by default').optional(),
          }),
        )
        .min(1),
    )
    .describe("what interlocks may have done, in this order, before every instrument is told to be safe")
    .optional(),
  window: z
    .strictObject({
      ...useWindowFields,
      zone: z.string().describe('time zone of the walls\' clocks, such as "Europe/Berlin"').optional(),
      holidays: z.string().describe("iCalendar file of days on which nothing is done").optional(),
      park: quantitySchema
        .describe("time before its end by which instruments are told to be safe, so that they are cold then")
        .optional(),
    })
    .describe("when actions may happen")
    .optional(),
  people: peopleSchema.describe("who is there, for steps that need a person").optional(),
  notify: notifySchema.describe("who is told of what by mail, ntfy or webhook").optional(),
  watchdog: z
    .union([
      z.literal("off"),
      z.strictObject({
        after: quantitySchema
          .describe('silence of labloop that counts as a stall; "1 s" by default')
          .optional(),
      }),
    ])
    .describe("the process that makes the instruments safe when labloop stalls or crashes; off for none")
    .optional(),
}) as unknown as z.ZodType<WrittenLab>;

/** A broker and the session with it, as the lab file has them. */
export interface WrittenBroker {
  readonly mqtt: string;
  readonly version?: ProtocolVersion;
  readonly session_expiry?: Written;
  readonly client_id?: string;
  readonly password_env?: string;
  readonly password_file?: string;
}

/** Where an instrument is, as the lab file has it. */
export type WrittenConnection =
  | { readonly serial: string }
  | { readonly usb: { readonly serial?: string; readonly vendor?: string; readonly product?: string } }
  | { readonly tcp: string }
  | { readonly program: readonly string[] }
  | WrittenBroker
  | { readonly folder: string }
  | { readonly person: "terminal" };

/** An instrument as the lab file has it. */
export interface WrittenInstrument {
  readonly driver: string;
  readonly connect?: WrittenConnection;
  readonly expect?: { readonly model?: string; readonly serial?: string };
  readonly settings?: Readonly<Record<string, Written>>;
  readonly limits?: Readonly<Record<string, { readonly min?: Written; readonly max?: Written }>>;
  readonly simulated?: Readonly<Record<string, Written>>;
  readonly window?: WrittenWindow;
  readonly at_once?: number;
}

/** Something that goes wrong in a rehearsal, as the lab file has it. */
export interface WrittenFault {
  readonly at: string;
  readonly instrument: string;
  readonly fault: FaultName;
  readonly for?: Written;
  readonly property?: string;
  readonly "per-hour"?: Written;
  readonly byte?: number;
}

/** An interlock as the lab file has it. */
export interface WrittenInterlock extends WrittenWatch {
  readonly before?: string | readonly string[];
  readonly exclusive?: readonly string[];
  readonly then?: TripAction;
  readonly procedure?: string;
  readonly say?: string;
}

/** A step of a safe procedure as the lab file has it. */
export interface WrittenSafeStep {
  readonly do: string;
  readonly with?: Readonly<Record<string, Written>>;
  readonly within?: Written;
}

/** A lab file after the check of its form. */
export interface WrittenLab extends WrittenSafety, WrittenStock {
  readonly labloop: 1;
  readonly name: string;
  readonly simulation?: {
    readonly start?: string;
    readonly zone?: string;
    readonly process?: string;
    readonly settings?: Readonly<Record<string, Written>>;
    readonly faults?: readonly WrittenFault[];
  };
  readonly instruments: Readonly<Record<string, WrittenInstrument>>;
  readonly interlocks?: Readonly<Record<string, WrittenInterlock>>;
  readonly resources?: Readonly<Record<string, WrittenResource>>;
  readonly safe_procedures?: Readonly<Record<string, readonly WrittenSafeStep[]>>;
  readonly window?: WrittenUseWindow & {
    readonly zone?: string;
    readonly holidays?: string;
    readonly park?: Written;
  };
  readonly people?: WrittenPeople;
  readonly notify?: WrittenNotify;
  readonly alarms?: WrittenAlarms;
  readonly watchdog?: "off" | { readonly after?: Written };
}
