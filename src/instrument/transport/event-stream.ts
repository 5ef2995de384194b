import type { Cancel, Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { ByteStream } from "./byte-stream.ts";

/** What a byte stream does with what it is given. */
export interface StreamHandle {
  readonly name: string;
  readonly clock: Clock;
  write(bytes: Uint8Array): void;
  discard?(): Promise<void>;
  close?(): Promise<void>;
}

/** A byte stream whose events come from elsewhere: it tells of each chunk, and once of its loss. */
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
  lose(fault: Fault): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#fault = fault;
    this.#handle.clock.touch();
    for (const listener of this.#lost) listener(fault);
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
    await this.#handle.close?.();
  }
}

/** The fault of a line that is gone; `why` where that is known. */
export function lineLost(name: string, advice: string, why?: string): Fault {
  return {
    code: "instrument.line-lost",
    message: `the line ${name} is gone${why === undefined ? "" : `: ${why}`}`,
    advice,
  };
}
