import type { Declaration } from "../contract/declaration.ts";
import type { ConnectContext, Connected, Driver, TransportName, Transports } from "../contract/driver.ts";
import type { Settings } from "../contract/settings.ts";
import type { Behaviour } from "./behaviour.ts";
import { type CallMarks, type Device, deviceOf, NO_CALL } from "./device.ts";
import { DeviceInstrument } from "./device-instrument.ts";
import { Trouble } from "./trouble.ts";

/** A driver over something other than bytes: a declaration, and what a connected instrument does. */
export interface DriverOver<T extends TransportName> {
  readonly declaration: Declaration & { readonly transport: T };
  /** The declaration with the limits that one instrument's settings leave. */
  narrow?(settings: Settings): Declaration;
  open(device: Device, transport: Transports[T]): Promise<Behaviour>;
}

/** Makes a driver of a few functions over a folder, a person or topics. */
export function defineDriverOver<T extends TransportName>(definition: DriverOver<T>): Driver<T> {
  return {
    declaration: definition.declaration,
    ...(definition.narrow && { narrow: definition.narrow }),
    connect: (context) => connect(definition, context),
  };
}

async function connect<T extends TransportName>(
  definition: DriverOver<T>,
  context: ConnectContext<T>,
): Promise<Connected> {
  const { name, settings, clock, transport } = context;
  const note = (text: string): void => context.note(text);
  const device = (signal: AbortSignal, marks: CallMarks): Device =>
    deviceOf({ name, settings, clock, signal, note, marks });
  const closed = (): Promise<void> => transport.close();
  try {
    const behaviour = await definition.open(device(context.signal, NO_CALL), transport);
    const declaration = definition.narrow?.(settings) ?? definition.declaration;
    return {
      kind: "connected",
      instrument: new DeviceInstrument({ name, clock, declaration, behaviour, device, note, closed }),
    };
  } catch (error) {
    await closed();
    if (error instanceof Trouble) return { kind: "failed", fault: error.fault };
    throw error;
  }
}
