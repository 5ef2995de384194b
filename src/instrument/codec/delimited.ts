import type { Decoder } from "./codec.ts";

/** What a message may look like on a line where one byte ends it. */
export interface Delimiter {
  /** The byte that ends a message, such as 0x0D. */
  readonly end: number;
  /** A byte that is dropped wherever it stands, such as the 0x0A of a line that ends in both. */
  readonly drop?: number;
  /** Longest message in bytes, 4096 when absent; a longer one is thrown away up to its end. */
  readonly longest?: number;
}

/**
 * Messages that end with one byte. The text is latin1: every byte is one character, so nothing is lost.
 */
export function delimited({ end, drop, longest = 4096 }: Delimiter): Decoder<string> {
  let text = "";
  let tooLong = false;
  return {
    push(bytes) {
      const messages: string[] = [];
      for (const byte of bytes) {
        if (byte === end) {
          if (!tooLong) messages.push(text);
          text = "";
          tooLong = false;
        } else if (byte !== drop) {
          tooLong ||= text.length >= longest;
          if (!tooLong) text += String.fromCharCode(byte);
        }
      }
      return messages;
    },
    reset() {
      text = "";
      tooLong = false;
    },
  };
}
