import { Duplex } from "node:stream";
import type { Clock } from "../../base/clock.ts";

/** One end of a connection in memory; tells the clock that something is under way. */
class MemorySocket extends Duplex {
  peer: MemorySocket | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super({ allowHalfOpen: false });
    this.#clock = clock;
  }

  override _read(): void {
    this.#clock.touch();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#clock.touch();
    this.peer?.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.peer?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.peer?.destroyed === false) this.peer.push(null);
    done(error);
  }
}

/** Two ends of a connection in memory, in place of a TCP connection; nothing of it runs on real time. */
export function memorySockets(clock: Clock): [Duplex, Duplex] {
  const [a, b] = [new MemorySocket(clock), new MemorySocket(clock)];
  a.peer = b;
  b.peer = a;
  return [a, b];
}
