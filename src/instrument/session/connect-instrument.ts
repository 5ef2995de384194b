import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { LineSettings } from "../contract/declaration.ts";
import type { AnyDriver, Connected, Driver, TransportName, Transports } from "../contract/driver.ts";
import type { Identity } from "../contract/instrument.ts";
import { type GivenSettings, readSettings } from "../contract/settings.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import { openFolder } from "../transport/folder.ts";
import { connectBroker } from "../transport/mqtt-broker.ts";
import type { SessionOptions } from "../transport/mqtt-client.ts";
import type { Person } from "../transport/person.ts";
import { openProgram } from "../transport/program.ts";
import { openSerial, type StreamOpened } from "../transport/serial.ts";
import { findSerialPort, type UsbAdapter } from "../transport/serial-ports.ts";
import { openTcp } from "../transport/tcp.ts";

/** Where a real instrument is. */
export type Connection =
  | {
      readonly kind: "serial";
      readonly path: string;
      /** Where the instrument is set up otherwise than its driver expects. */
      readonly line?: Partial<LineSettings>;
      /** Opens the port although another process has locked it; only where that process can't run any more. */
      readonly beside?: boolean;
    }
  /** A serial port by the USB adapter behind it, whatever the system calls it today. */
  | ({ readonly kind: "usb"; readonly line?: Partial<LineSettings>; readonly beside?: boolean } & UsbAdapter)
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "program"; readonly command: readonly [string, ...string[]] }
  | ({
      readonly kind: "mqtt";
      readonly url: string;
      readonly username?: string;
      readonly password?: string;
      /** By which the broker knows a kept session; made of the instrument's name when absent. */
      readonly clientId?: string;
    } & SessionOptions)
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "person"; readonly person: Person };

/** A real instrument that is to be connected. */
export interface InstrumentRequest {
  /** The instrument's name in the lab file. */
  readonly name: string;
  readonly driver: AnyDriver;
  readonly settings: GivenSettings;
  readonly connection: Connection;
  /** Who has to answer; anybody when absent. */
  readonly expected?: Partial<Identity>;
  /** Stands between a driver over bytes and its line, such as a record of it. */
  readonly between?: (stream: ByteStream) => ByteStream;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  note(text: string): void;
}

/** Opens the line to a real instrument, and connects its driver. */
export async function connectInstrument(request: InstrumentRequest): Promise<Connected> {
  const { name, driver, clock, signal } = request;
  const read = readSettings(name, driver.declaration.settings, request.settings);
  if (read.kind === "refused") return { kind: "failed", fault: read.faults[0] as Fault };
  const context = {
    name,
    settings: read.settings,
    clock,
    signal,
    note: (text: string) => request.note(text),
  };
  const opened = await openTransport(request);
  if (opened.kind === "failed") return opened;
  const connected = await (driver as Driver).connect({ ...context, transport: opened.transport });
  if (connected.kind === "failed" || request.expected === undefined) return connected;
  const fault = otherInstrument(name, connected.instrument.identity, request.expected);
  if (fault === undefined) return connected;
  await connected.instrument.close();
  return { kind: "failed", fault };
}

type TransportOpened =
  | { readonly kind: "open"; readonly transport: Transports[TransportName] }
  | { readonly kind: "failed"; readonly fault: Fault };

/** Kinds of connection over which a driver of each transport works. */
const CONNECTIONS: Readonly<Record<TransportName, readonly Connection["kind"][]>> = {
  serial: ["serial", "usb", "tcp"],
  tcp: ["tcp"],
  program: ["program"],
  mqtt: ["mqtt"],
  folder: ["folder"],
  person: ["person"],
};

async function openTransport(request: InstrumentRequest): Promise<TransportOpened> {
  const { name, driver, connection, clock } = request;
  const { transport, line } = driver.declaration;
  if (!CONNECTIONS[transport].includes(connection.kind))
    return { kind: "failed", fault: otherConnection(request) };
  switch (connection.kind) {
    case "serial":
    case "usb": {
      const found =
        connection.kind === "serial" ? connection : await clock.external(findSerialPort(connection));
      if ("fault" in found) return found;
      return bytes(
        request,
        openSerial({
          path: found.path,
          line: { ...(line as LineSettings), ...connection.line },
          clock,
          ...(connection.beside === undefined ? {} : { beside: connection.beside }),
        }),
      );
    }
    case "tcp":
      return bytes(request, openTcp({ ...connection, clock }));
    case "program":
      return bytes(
        request,
        openProgram({ ...connection, clock, note: (text) => request.note(`${name}: ${text}`) }),
      );
    case "mqtt": {
      const id =
        connection.clientId ?? clientId(name, connection.sessionExpiry === undefined ? clock : undefined);
      const opened = await connectBroker({ ...connection, clientId: id, clock });
      return opened.kind === "failed" ? opened : { kind: "open", transport: opened.topics };
    }
    case "folder":
      return { kind: "open", transport: openFolder(connection.path, clock) };
    case "person":
      return { kind: "open", transport: connection.person };
  }
}

async function bytes(
  { between }: InstrumentRequest,
  opening: Promise<StreamOpened>,
): Promise<TransportOpened> {
  const opened = await opening;
  if (opened.kind === "failed") return opened;
  return { kind: "open", transport: between?.(opened.stream) ?? opened.stream };
}

/** Why what answers is not the instrument that the lab file means. */
function otherInstrument(name: string, found: Identity, expected: Partial<Identity>): Fault | undefined {
  const wrong = (["model", "serial"] as const).filter(
    (part) => expected[part] !== undefined && expected[part] !== found[part],
  );
  if (wrong.length === 0) return undefined;
  const differences = wrong.map(
    (part) => `${part} ${found[part] ?? "unknown"} in place of ${expected[part]}`,
  );
  return {
    code: "instrument.other-instrument",
    message: `at ${name}'s connection another instrument answers: ${differences.join(", ")}`,
    advice: "check which instrument is plugged in where, or correct `expect` in the lab file",
  };
}

/**
 * For a kept session the id of the connection before; otherwise unlike it, since the broker may still believe the earlier
 * one to be there.
 */
function clientId(name: string, clock: Clock | undefined): string {
  return clock === undefined ? `labloop ${name}` : `labloop ${name} ${clock.now().toString(36)}`;
}

function otherConnection({ name, driver, connection }: InstrumentRequest): Fault {
  return {
    code: "instrument.other-transport",
    message: `${name} has a connection over ${connection.kind}, but its driver works over ${driver.declaration.transport}`,
    advice: `give ${name} a connection over ${driver.declaration.transport} in the lab file`,
  };
}
