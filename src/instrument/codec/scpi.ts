import type { Decoder } from "./codec.ts";

/** Longest message in bytes, blocks included. */
const LONGEST = 4 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const HASH = 0x23;
const QUOTE = 0x22;

/**
 * Response messages of IEEE 488.2: they end with a line feed, which inside a definite-length block (`#3128…`) is data.
 * A block of indefinite length can't be read over a stream and is kept as text up to the next line feed.
 */
export function scpiMessages(): Decoder<Uint8Array> {
  let kept: number[] = [];
  /** Bytes of a block that are still to come. */
  let block = 0;
  let quoted = false;
  return {
    push(bytes) {
      const messages: Uint8Array[] = [];
      for (const byte of bytes) {
        kept.push(byte);
        if (block > 0) {
          block -= 1;
          continue;
        }
        if (byte === QUOTE) quoted = !quoted;
        if (!quoted) block = blockLength(kept);
        if (byte === LF) {
          const end = kept.at(-2) === CR ? 2 : 1;
          messages.push(Uint8Array.from(kept.slice(0, -end)));
          kept = [];
          quoted = false;
        } else if (kept.length > LONGEST) kept = [];
      }
      return messages;
    },
    reset() {
      kept = [];
      block = 0;
      quoted = false;
    },
  };
}

/** Bytes of the block whose header ends with the last byte; 0 when none does. */
function blockLength(kept: readonly number[]): number {
  for (let digits = 1; digits <= 9; digits++) {
    const start = kept.length - digits - 2;
    if (start < 0) return 0;
    if (kept[start] !== HASH || kept[start + 1] !== 0x30 + digits) continue;
    // A header stands at the beginning of an element of the response.
    const before = kept[start - 1];
    if (before !== undefined && before !== 0x2c && before !== 0x3b && before !== 0x20) continue;
    const text = String.fromCharCode(...kept.slice(start + 2));
    return /^\d+$/.test(text) ? Math.min(Number(text), LONGEST) : 0;
  }
  return 0;
}

/**
 * The data of a message that is one definite-length block.
 *
 * @returns undefined for everything else
 */
export function scpiBlock(message: Uint8Array): Uint8Array | undefined {
  const digits = (message[1] ?? 0) - 0x30;
  if (message[0] !== HASH || digits < 1 || digits > 9) return undefined;
  const length = Number(String.fromCharCode(...message.subarray(2, 2 + digits)));
  const data = message.subarray(2 + digits);
  return data.length === length ? data : undefined;
}

/**
 * The numbers of a message that is one definite-length block of 32-bit floats, high byte first (IEEE 488.2 and
 * `FORM REAL,32` of SCPI-99): a spectrum, a trace.
 *
 * @returns undefined for everything else
 */
export function scpiFloats(message: Uint8Array): Float32Array | undefined {
  const data = scpiBlock(message);
  if (data === undefined || data.length % 4 !== 0) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Float32Array.from({ length: data.length / 4 }, (_, i) => view.getFloat32(4 * i));
}
