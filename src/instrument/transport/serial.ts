import type { SerialPort } from "serialport";
import type { Cancel, Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { LineSettings } from "../contract/declaration.ts";
import type { ByteStream } from "./byte-stream.ts";

/** Which serial port, and how it is set up. */
export interface SerialOptions {
  /** Such as "/dev/serial/by-id/usb-FTDI_…", which stays the same when adapters are plugged in anew. */
  readonly path: string;
  readonly line: LineSettings;
  readonly clock: Clock;
}

/** An open line, or why there is none. */
export type StreamOpened =
  | { readonly kind: "open"; readonly stream: ByteStream }
  | { readonly kind: "failed"; readonly fault: Fault };

/** Opens a serial port for this process alone. */
export async function openSerial({ path, line, clock }: SerialOptions): Promise<StreamOpened> {
  const { SerialPort } = await clock.external(import("serialport"));
  const port = new SerialPort({ path, ...line, autoOpen: false, lock: true });
  // Attached before the port is opened: closing with a write under way emits an error, which without a
  // listener ends the process.
  port.on("error", () => undefined);
  const error = await clock.external(
    new Promise<Error | null>((resolve) => port.open((error) => resolve(error))),
  );
  if (error !== null) return { kind: "failed", fault: openFault(path, error.message) };
  return { kind: "open", stream: new SerialStream(path, port, clock) };
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

class SerialStream implements ByteStream {
  readonly name: string;
  readonly #port: SerialPort;
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #lost = new Set<(fault: Fault) => void>();
  #fault: Fault | undefined;
  #closed = false;

  constructor(name: string, port: SerialPort, clock: Clock) {
    this.name = name;
    this.#port = port;
    port.on("data", (bytes: Uint8Array) => {
      clock.touch();
      for (const listener of this.#data) listener(bytes);
    });
    // An adapter that is pulled tells so by "close"; writes after that are never called back.
    port.on("close", () => this.#lose("the port is gone"));
    port.on("error", (error: Error) => this.#lose(error.message));
  }

  write(bytes: Uint8Array): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#port.write(bytes, (error) => {
      if (error instanceof Error) this.#lose(error.message);
    });
  }

  onData(listener: (bytes: Uint8Array) => void): Cancel {
    this.#data.add(listener);
    return () => this.#data.delete(listener);
  }

  onLost(listener: (fault: Fault) => void): Cancel {
    if (this.#fault !== undefined) listener(this.#fault);
    else this.#lost.add(listener);
    return () => this.#lost.delete(listener);
  }

  /** Clears the kernel's buffers, then what the stream had read already. */
  async discard(): Promise<void> {
    if (this.#closed || this.#fault !== undefined) return;
    await new Promise<void>((resolve) => this.#port.flush(() => resolve()));
    this.#port.read();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#data.clear();
    this.#lost.clear();
    if (this.#port.isOpen) await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }

  #lose(why: string): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#fault = {
      code: "instrument.line-lost",
      message: `the line ${this.name} is gone: ${why}`,
      advice: "check the cable and the power of the instrument",
    };
    for (const listener of this.#lost) listener(this.#fault);
    this.#lost.clear();
  }
}
