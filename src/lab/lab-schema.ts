import { z } from "zod";
import { quantitySchema } from "../campaign/schema/quantity-schema.ts";

type Written = string | number;

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
            mqtt: z.string().describe('address of the broker, such as "mqtt://broker.lab:1883"'),
          }),
        ])
        .describe("where the instrument is plugged in; not needed for a simulation")
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
    }),
  ),
}) as unknown as z.ZodType<WrittenLab>;

/** An instrument as the lab file has it. */
export interface WrittenInstrument {
  readonly driver: string;
  readonly connect?: { readonly serial: string } | { readonly mqtt: string };
  readonly settings?: Readonly<Record<string, Written>>;
  readonly limits?: Readonly<Record<string, { readonly min?: Written; readonly max?: Written }>>;
  readonly simulated?: Readonly<Record<string, Written>>;
}

/** A lab file after the check of its form. */
export interface WrittenLab {
  readonly labloop: 1;
  readonly name: string;
  readonly simulation?: {
    readonly start?: string;
    readonly zone?: string;
    readonly process?: string;
    readonly settings?: Readonly<Record<string, Written>>;
  };
  readonly instruments: Readonly<Record<string, WrittenInstrument>>;
}
