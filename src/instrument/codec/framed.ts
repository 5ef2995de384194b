import type { Decoder } from "./codec.ts";

/** The bytes around a message. */
export interface Frame {
  /** The byte before a message, such as STX 0x02. */
  readonly start: number;
  /** The byte after it, such as ETX 0x03. */
  readonly end: number;
  /** Longest message in bytes, 256 when absent; a longer one is thrown away. */
  readonly longest?: number;
}

/**
 * Messages between a start and an end byte. Bytes outside are noise and are dropped; a start byte inside a
 * message begins it again, since a message that lost its end is followed by the start of the next. The text
 * is latin1.
 */
export function framed({ start, end, longest = 256 }: Frame): Decoder<string> {
  let text: string | undefined;
  return {
    push(bytes) {
      const messages: string[] = [];
      for (const byte of bytes) {
        if (byte === start) text = "";
        else if (text === undefined) continue;
        else if (byte === end) {
          messages.push(text);
          text = undefined;
        } else if (text.length >= longest) text = undefined;
        else text += String.fromCharCode(byte);
      }
      return messages;
    },
    reset() {
      text = undefined;
    },
  };
}
