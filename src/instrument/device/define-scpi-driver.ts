import { scpiMessages } from "../codec/scpi.ts";
import { scpiFields, scpiText } from "../codec/scpi-fields.ts";
import type { Declaration } from "../contract/declaration.ts";
import type { Driver } from "../contract/driver.ts";
import type { Identity } from "../contract/instrument.ts";
import type { Settings } from "../contract/settings.ts";
import type { Behaviour } from "./behaviour.ts";
import { defineDriverWith, type Framing } from "./define-line-driver.ts";
import { type ScpiDevice, scpiDeviceOf } from "./scpi-device.ts";

/** What a connected SCPI instrument does; who it is has been found out, and its error queue is its check. */
export type ScpiBehaviour = Omit<Behaviour<ScpiDevice>, "identity" | "check"> &
  Partial<Pick<Behaviour<ScpiDevice>, "check">>;

/** A driver for an instrument that speaks SCPI: a declaration, what its name looks like, and what it does. */
export interface ScpiDriver<T extends "serial" | "tcp"> {
  readonly declaration: Declaration & { readonly transport: T };
  /** What maker and model in its answer to `*IDN?` look like. */
  readonly model: RegExp;
  /** The declaration with the limits that one instrument's settings leave. */
  narrow?(settings: Settings): Declaration;
  /** Sets it up, and tells what it does; ends with a Trouble when it can't be. */
  open(device: ScpiDevice, identity: Required<Identity>): Promise<ScpiBehaviour>;
}

/** Makes a driver of a few functions for an instrument that speaks SCPI, over a serial line or TCP. */
export function defineScpiDriver<T extends "serial" | "tcp">({
  open,
  model,
  ...definition
}: ScpiDriver<T>): Driver<T> {
  const opened = async (device: ScpiDevice): Promise<Behaviour<ScpiDevice>> => {
    const identity = await device.identify(model);
    return { identity, check: (each) => each.noErrors(), ...(await open(device, identity)) };
  };
  return defineDriverWith({ ...definition, framing: scpiFraming, open: opened }, scpiDeviceOf);
}

/** Messages end with a line feed; several answers to one message come in one line. */
function scpiFraming(): Framing<Uint8Array> {
  return {
    decoder: scpiMessages(),
    end: "\n",
    timeout: 2000,
    strangers: 5,
    resynchronise: {
      send: "*IDN?\n",
      answer: (message) => (scpiFields(message).length === 4 ? scpiText(message) : undefined),
    },
  };
}
