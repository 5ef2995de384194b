import type { Cancel, Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { LineSettings } from "../contract/declaration.ts";
import type { ByteStream } from "./byte-stream.ts";

/** What a line in memory is like. */
export interface MemoryLineOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Sets the speed: a byte takes its bits, start and stop bits included, divided by the baud rate; no time when absent. */
  readonly line?: LineSettings;
}

/** A line in memory; what one end writes arrives at the other. */
export interface MemoryLine {
  readonly host: ByteStream;
  readonly device: ByteStream;
  /** Pulls the plug: both ends lose the line. */
  cut(): void;
}

/**
 * A serial line in memory, at the real line's speed on the given clock. What is written at once arrives at
 * once, when its last byte would.
 */
export function memoryLine({ name, clock, line }: MemoryLineOptions): MemoryLine {
  const byteTime = line === undefined ? 0 : byteTimeOf(line);
  const host = new MemoryEnd(name, clock, byteTime);
  const device = new MemoryEnd(`${name} (instrument's end)`, clock, byteTime);
  host.peer = device;
  device.peer = host;
  const cut = (): void => {
    host.lose();
    device.lose();
  };
  return { host, device, cut };
}

function byteTimeOf({ baudRate, dataBits, parity, stopBits }: LineSettings): number {
  return (1000 * (1 + dataBits + (parity === "none" ? 0 : 1) + stopBits)) / baudRate;
}

class MemoryEnd implements ByteStream {
  readonly name: string;
  peer: MemoryEnd | undefined;
  readonly #clock: Clock;
  readonly #byteTime: number;
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #lost = new Set<(fault: Fault) => void>();
  #fault: Fault | undefined;
  #closed = false;
  /** When the last byte that was written will have left. */
  #free = 0;

  constructor(name: string, clock: Clock, byteTime: number) {
    this.name = name;
    this.#clock = clock;
    this.#byteTime = byteTime;
  }

  write(bytes: Uint8Array): void {
    if (this.#closed || this.#fault !== undefined || bytes.length === 0) return;
    const sent = bytes.slice();
    if (this.#byteTime === 0) {
      this.#clock.touch();
      queueMicrotask(() => this.peer?.receive(sent));
      return;
    }
    this.#free = Math.max(this.#free, this.#clock.now()) + sent.length * this.#byteTime;
    this.#clock.at(this.#free, () => this.peer?.receive(sent));
  }

  receive(bytes: Uint8Array): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#clock.touch();
    for (const listener of this.#data) listener(bytes);
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

  lose(): void {
    if (this.#closed || this.#fault !== undefined) return;
    this.#fault = {
      code: "instrument.line-lost",
      message: `the line ${this.name} is gone`,
      advice: "check the cable and the power of the instrument",
    };
    for (const listener of this.#lost) listener(this.#fault);
    this.#lost.clear();
  }

  async discard(): Promise<void> {}

  async close(): Promise<void> {
    this.#closed = true;
    this.#data.clear();
    this.#lost.clear();
  }
}
