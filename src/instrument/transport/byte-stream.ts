import type { Cancel } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";

/**
 * Bytes in both directions: a serial port, or one end of a line in memory. Chunks have no meaning: one message
 * may come in pieces and two in one.
 */
export interface ByteStream {
  /** What it is called in messages, such as "/dev/ttyUSB0". */
  readonly name: string;
  /** Sends bytes; what is sent on a lost line is gone, which `onClose` tells. */
  write(bytes: Uint8Array): void;
  /** Calls the listener with every chunk that arrives. */
  onData(listener: (bytes: Uint8Array) => void): Cancel;
  /** Calls the listener once when the line is lost, and never after `close`; at once when it was lost before. */
  onLost(listener: (fault: Fault) => void): Cancel;
  /** Throws away what arrived and was not delivered yet. */
  discard(): Promise<void>;
  close(): Promise<void>;
}
