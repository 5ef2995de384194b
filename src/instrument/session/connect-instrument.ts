import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { LineSettings } from "../contract/declaration.ts";
import type { AnyDriver, Connected, Driver } from "../contract/driver.ts";
import { type GivenSettings, readSettings } from "../contract/settings.ts";
import { connectBroker } from "../transport/mqtt-broker.ts";
import { openSerial } from "../transport/serial.ts";

/** Where a real instrument is. */
export type Connection =
  | {
      readonly kind: "serial";
      readonly path: string;
      /** Where the instrument is set up otherwise than its driver expects. */
      readonly line?: Partial<LineSettings>;
    }
  | { readonly kind: "mqtt"; readonly url: string; readonly username?: string; readonly password?: string };

/** A real instrument that is to be connected. */
export interface InstrumentRequest {
  /** The instrument's name in the lab file. */
  readonly name: string;
  readonly driver: AnyDriver;
  readonly settings: GivenSettings;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  note(text: string): void;
}

/** Opens the line to a real instrument, and connects its driver. */
export async function connectInstrument(request: InstrumentRequest): Promise<Connected> {
  const { name, driver, connection, clock, signal } = request;
  const read = readSettings(name, driver.declaration.settings, request.settings);
  if (read.kind === "refused") return { kind: "failed", fault: read.faults[0] as Fault };
  const context = {
    name,
    settings: read.settings,
    clock,
    signal,
    note: (text: string) => request.note(text),
  };
  const { transport, line } = driver.declaration;
  if (transport !== connection.kind) return { kind: "failed", fault: otherConnection(request) };
  if (connection.kind === "serial") {
    const opened = await openSerial({
      path: connection.path,
      line: { ...(line as LineSettings), ...connection.line },
      clock,
    });
    if (opened.kind === "failed") return opened;
    return (driver as Driver<"serial">).connect({ ...context, transport: opened.stream });
  }
  const opened = await connectBroker({ ...connection, clientId: clientId(name, clock), clock });
  if (opened.kind === "failed") return opened;
  return (driver as Driver<"mqtt">).connect({ ...context, transport: opened.topics });
}

/** Unlike that of an earlier connection, which the broker may still believe to be there. */
function clientId(name: string, clock: Clock): string {
  return `labloop ${name} ${clock.now().toString(36)}`;
}

function otherConnection({ name, driver, connection }: InstrumentRequest): Fault {
  return {
    code: "instrument.other-transport",
    message: `${name} has a connection over ${connection.kind}, but its driver works over ${driver.declaration.transport}`,
    advice: `give ${name} a connection over ${driver.declaration.transport} in the lab file`,
  };
}
