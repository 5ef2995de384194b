import type { Cancel, Clock } from "../../base/clock.ts";
import type { ByteStream } from "../transport/byte-stream.ts";

/** Something that goes wrong on a line; wraps one line in another. */
export type LineFault = (stream: ByteStream) => ByteStream;

/** Puts faults on a line, the first nearest to it. */
export function withFaults(stream: ByteStream, ...faults: readonly LineFault[]): ByteStream {
  return faults.reduce((inner, fault) => fault(inner), stream);
}

/** Which of the chunks that arrive, counted from 0, a fault hits. */
export type Hits = (chunk: number) => boolean;

/** Loses chunks that arrive. */
export function dropping(hits: Hits): LineFault {
  return arriving((bytes, chunk, deliver) => {
    if (!hits(chunk)) deliver(bytes);
  });
}

/** Delivers chunks late. */
export function delaying(clock: Clock, milliseconds: number, hits: Hits): LineFault {
  return arriving((bytes, chunk, deliver) => {
    if (hits(chunk)) clock.at(clock.now() + milliseconds, () => deliver(bytes));
    else deliver(bytes);
  });
}

/** Delivers chunks twice. */
export function repeating(hits: Hits): LineFault {
  return arriving((bytes, chunk, deliver) => {
    deliver(bytes);
    if (hits(chunk)) deliver(bytes);
  });
}

/** Delivers other bytes in place of chunks. */
export function garbling(replace: (bytes: Uint8Array) => Uint8Array, hits: Hits): LineFault {
  return arriving((bytes, chunk, deliver) => deliver(hits(chunk) ? replace(bytes) : bytes));
}

/** Delivers every chunk byte by byte. */
export function splitting(): LineFault {
  return arriving((bytes, _chunk, deliver) => {
    for (const byte of bytes) deliver(Uint8Array.of(byte));
  });
}

/** Loses what is sent, counted from 0. */
export function losingRequests(hits: Hits): LineFault {
  let sent = 0;
  return (stream) => ({
    ...passing(stream),
    write(bytes) {
      if (!hits(sent++)) stream.write(bytes);
    },
  });
}

/** Does something else with what arrives; what it doesn't hand over is lost. */
export function arriving(
  pass: (bytes: Uint8Array, chunk: number, deliver: (bytes: Uint8Array) => void) => void,
): LineFault {
  return (stream) => {
    const listeners = new Set<(bytes: Uint8Array) => void>();
    let chunk = 0;
    stream.onData((bytes) =>
      pass(bytes, chunk++, (changed) => {
        if (changed.length > 0) for (const listener of listeners) listener(changed);
      }),
    );
    return {
      ...passing(stream),
      onData(listener): Cancel {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  };
}

/** The same stream, for those who change a part of it. */
export function passing(stream: ByteStream): ByteStream {
  return {
    name: stream.name,
    write: (bytes) => stream.write(bytes),
    onData: (listener) => stream.onData(listener),
    onLost: (listener) => stream.onLost(listener),
    discard: () => stream.discard(),
    close: () => stream.close(),
  };
}
