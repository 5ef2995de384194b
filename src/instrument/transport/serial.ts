import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { LineSettings } from "../contract/declaration.ts";
import type { ByteStream } from "./byte-stream.ts";
import { EventStream, lineLost } from "./event-stream.ts";

/** Which serial port, and how it is set up. */
export interface SerialOptions {
  /** Such as "/dev/serial/by-id/usb-FTDI_…", which stays the same when adapters are plugged in anew. */
  readonly path: string;
  readonly line: LineSettings;
  readonly clock: Clock;
  /** Opens the port although another process has locked it. */
  readonly beside?: boolean;
}

/** An open line, or why there is none. */
export type StreamOpened =
  | { readonly kind: "open"; readonly stream: ByteStream }
  | { readonly kind: "failed"; readonly fault: Fault };

/** Opens a serial port for this process alone. */
export async function openSerial({
  path,
  line,
  clock,
  beside = false,
}: SerialOptions): Promise<StreamOpened> {
  const { SerialPort } = await clock.external(import("serialport"));
  const port = new SerialPort({ path, ...line, autoOpen: false, lock: !beside });
  // Attached before the port is opened: closing with a write under way emits an error, which without a
  // listener ends the process.
  port.on("error", () => undefined);
  const error = await clock.external(
    new Promise<Error | null>((resolve) => port.open((error) => resolve(error))),
  );
  if (error !== null) return { kind: "failed", fault: openFault(path, error.message) };
  const stream = new EventStream({
    name: path,
    clock,
    write: (bytes) => {
      port.write(bytes, (failure) => {
        if (failure instanceof Error) lose(failure.message);
      });
    },
    // Clears the kernel's buffers, then what the stream had read already.
    discard: async () => {
      await new Promise<void>((resolve) => port.flush(() => resolve()));
      port.read();
    },
    close: async () => {
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  });
  const lose = (why: string): void =>
    stream.lose(lineLost(path, "check the cable and the power of the instrument", why));
  port.on("data", (bytes: Uint8Array) => stream.arrived(bytes));
  // An adapter that is pulled tells so by "close"; writes after that are never called back.
  port.on("close", () => lose("the port is gone"));
  port.on("error", (failure: Error) => lose(failure.message));
  return { kind: "open", stream };
}

/** A fault for an error on opening; the binding has no codes, so this reads the system's own words. */
function openFault(path: string, message: string): Fault {
  const advice = /permission denied/i.test(message)
    ? 'add this user to the group that owns the port, mostly "dialout" (sudo usermod -aG dialout $USER), and log in again'
    : /cannot lock port|busy/i.test(message)
      ? "another program has the port open; close it"
      : /no such file|file not found/i.test(message)
        ? "check the cable and the adapter; the ports there are stand under /dev/serial/by-id"
        : "check the port's name and its settings";
  return { code: "instrument.port-not-opened", message: `can't open ${path}: ${message}`, advice };
}
