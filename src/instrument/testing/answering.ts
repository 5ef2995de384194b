import type { Decoder } from "../codec/codec.ts";
import { toBytes } from "../codec/latin1.ts";
import type { ByteStream } from "../transport/byte-stream.ts";

/**
 * Lets a simulated instrument answer: each message that arrives is handed over, and what comes back is sent.
 *
 * @param reply - the answer with its end, or undefined where the instrument is silent
 */
export function answering<M>(
  stream: ByteStream,
  decoder: Decoder<M>,
  reply: (message: M) => string | Uint8Array | undefined,
): void {
  stream.onData((bytes) => {
    for (const message of decoder.push(bytes)) {
      const answer = reply(message);
      if (answer !== undefined && answer.length > 0)
        stream.write(typeof answer === "string" ? toBytes(answer) : answer);
    }
  });
}
