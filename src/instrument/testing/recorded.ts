import { printable } from "../codec/printable.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import { passing } from "./faulty-line.ts";

/**
 * A line that writes down what passes.
 *
 * @param write - called with ">" for what the driver sends and "<" for what arrives, chunk by chunk
 */
export function recorded(stream: ByteStream, write: (from: ">" | "<", bytes: string) => void): ByteStream {
  stream.onData((bytes) => write("<", printable(bytes)));
  return {
    ...passing(stream),
    write(bytes) {
      write(">", printable(bytes));
      stream.write(bytes);
    },
  };
}
