import type { Decoder } from "./codec.ts";

/**
 * Messages whose length follows from their first bytes.
 *
 * @param lengthOf - bytes of the message that begins with these, undefined when more of them are needed to tell, and
 * 0 when no message begins so: then the first byte is dropped
 * @param isWhole - whether a message of that length is undamaged, such as by its checksum; of a damaged one the first
 * byte is dropped, so that the next message is found in the rest
 */
export function fixedLength(
  lengthOf: (start: Uint8Array) => number | undefined,
  isWhole: (message: Uint8Array) => boolean = () => true,
): Decoder<Uint8Array> {
  let kept = new Uint8Array(0);
  return {
    push(bytes) {
      kept = Uint8Array.from([...kept, ...bytes]);
      const messages: Uint8Array[] = [];
      for (;;) {
        const length = kept.length === 0 ? undefined : lengthOf(kept);
        if (length === undefined || kept.length < length) return messages;
        const message = kept.slice(0, length);
        const whole = length > 0 && isWhole(message);
        if (whole) messages.push(message);
        kept = kept.slice(whole ? length : 1);
      }
    },
    reset() {
      kept = new Uint8Array(0);
    },
  };
}
