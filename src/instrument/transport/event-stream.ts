import type { Cancel, Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { ByteStream } from "./byte-stream.ts";

/** What a byte stream of the operating system does. */
export interface StreamHandle {
  readonly name: string;
  readonly clock: Clock;
  write(bytes: Uint8Array): void;
  discard?(): Promise<void>;
  close(): Promise<void>;
}

/** A byte stream whose events come from outside: it tells of each chunk, and once of its loss. */
export class EventStream implements ByteStream {
  readonly name: string;
  readonly #handle: StreamHandle;
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #lost = new Set<(fault: Fault) => void>();
  #fault: Fault | undefined;
  #closed = false;

  constructor(handle: StreamHandle) {
    this.name = handle.name;
    this.#handle = handle;
  }

  /** Bytes have arrived. */
  arrived(bytes: Uint8Array): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#handle.clock.touch();
    for (const listener of this.#data) listener(bytes);
  }

  /** The other end is gone. */
  lose(why: string, advice: string): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#fault = {
      code: "instrument.line-lost",
      message: `the line ${this.name} is gone: ${why}`,
      advice,
    };
    this.#handle.clock.touch();
    for (const listener of this.#lost) listener(this.#fault);
    this.#lost.clear();
  }

  write(bytes: Uint8Array): void {
    if (!this.#closed && this.#fault === undefined) this.#handle.write(bytes);
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

  async discard(): Promise<void> {
    if (!this.#closed && this.#fault === undefined) await this.#handle.discard?.();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#data.clear();
    this.#lost.clear();
    await this.#handle.close();
  }
}
