import type { Cancel, Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { Random } from "../../base/random.ts";
import type { ByteStream } from "../transport/byte-stream.ts";

/** What can go wrong on a line, by the name that a lab file uses. */
export const LINE_TROUBLES = {
  silence: "nothing that the instrument says arrives",
  deafness: "nothing that is sent arrives at the instrument",
  delay: "what the instrument says arrives 5 s late, after its deadline",
  garbage: "other bytes arrive in place of what the instrument says",
  partial: "of what the instrument says only the first half arrives",
  split: "what the instrument says arrives byte by byte, with pauses",
  merge: "what the instrument says arrives together with what it says next",
  echo: "what is sent comes back",
  duplicate: "what the instrument says arrives twice",
  parity: "the highest bit of a byte is turned over",
  disconnect: "the line is lost",
  lie: "the instrument acknowledges what it acknowledged before, and does nothing",
} as const;

/** Name of a trouble. */
export type LineTrouble = keyof typeof LINE_TROUBLES;

/** What a trouble is made from. */
export interface TroubleContext {
  readonly clock: Clock;
  readonly random: Random;
  /** Whether it happens at this moment. */
  active(): boolean;
}

/** Lateness in ms: later than any deadline of a single question. */
const LATE = 5000;
/** Milliseconds between two bytes. */
const PAUSE = 5;
/** Milliseconds after which something that was held back arrives alone. */
const HOLD = 400;

/** Puts a trouble on a line. */
export function withTrouble(stream: ByteStream, trouble: LineTrouble, context: TroubleContext): ByteStream {
  return trouble === "lie" ? lying(stream, context) : new TroubledStream(stream, trouble, context);
}

class TroubledStream implements ByteStream {
  readonly name: string;
  readonly #stream: ByteStream;
  readonly #trouble: LineTrouble;
  readonly #context: TroubleContext;
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #lost = new Set<(fault: Fault) => void>();
  #fault: Fault | undefined;
  #held: Uint8Array | undefined;
  /** When the last byte that was held back arrives: bytes don't overtake each other. */
  #busy = 0;

  constructor(stream: ByteStream, trouble: LineTrouble, context: TroubleContext) {
    this.name = stream.name;
    this.#stream = stream;
    this.#trouble = trouble;
    this.#context = context;
    stream.onData((bytes) => (context.active() ? this.#spoil(bytes) : this.#deliver(bytes)));
    stream.onLost((fault) => this.#lose(fault));
  }

  write(bytes: Uint8Array): void {
    const active = this.#context.active();
    if (active && this.#trouble === "disconnect")
      return this.#lose({
        code: "instrument.line-lost",
        message: `the line ${this.name} is gone`,
        advice: "check the cable and the power of the instrument",
      });
    if (this.#fault !== undefined || (active && this.#trouble === "deafness")) return;
    if (active && this.#trouble === "echo") this.#later(0, bytes.slice());
    this.#stream.write(bytes);
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

  discard(): Promise<void> {
    return this.#stream.discard();
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  #spoil(bytes: Uint8Array): void {
    const { random } = this.#context;
    switch (this.#trouble) {
      case "silence":
        return;
      case "delay":
        return this.#later(LATE, bytes);
      case "garbage":
        return this.#deliver(bytes.map(() => random.integer(256)));
      case "partial":
        return this.#deliver(bytes.subarray(0, Math.floor(bytes.length / 2)));
      case "split":
        for (const byte of bytes) this.#later(PAUSE, Uint8Array.of(byte));
        return;
      case "merge":
        return this.#merge(bytes);
      case "duplicate":
        this.#deliver(bytes);
        return this.#deliver(bytes);
      case "parity":
        return this.#deliver(turned(bytes, random.integer(bytes.length)));
      case "deafness":
      case "echo":
      case "disconnect":
      case "lie":
        return this.#deliver(bytes);
    }
  }

  #merge(bytes: Uint8Array): void {
    const together = Uint8Array.from([...(this.#held ?? []), ...bytes]);
    if (this.#held !== undefined) {
      this.#held = undefined;
      return this.#deliver(together);
    }
    this.#held = together;
    const { clock } = this.#context;
    clock.at(clock.now() + HOLD, () => {
      const held = this.#held;
      this.#held = undefined;
      if (held === together) this.#deliver(held);
    });
  }

  #later(milliseconds: number, bytes: Uint8Array): void {
    const { clock } = this.#context;
    this.#busy = Math.max(this.#busy, clock.now()) + milliseconds;
    clock.at(this.#busy, () => this.#deliver(bytes));
  }

  #deliver(bytes: Uint8Array): void {
    if (this.#fault !== undefined || bytes.length === 0) return;
    this.#context.clock.touch();
    for (const listener of this.#data) listener(bytes);
  }

  #lose(fault: Fault): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    for (const listener of this.#lost) listener(fault);
    this.#lost.clear();
  }
}

function turned(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 0x80 : byte));
}

/** Answers what was answered before from memory; the instrument hears nothing of it. */
function lying(stream: ByteStream, { clock, active }: TroubleContext): ByteStream {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const answers = new Map<string, Uint8Array>();
  let asked = "";
  stream.onData((bytes) => {
    answers.set(asked, Uint8Array.from([...(answers.get(asked) ?? []), ...bytes]));
    for (const listener of listeners) listener(bytes);
  });
  return {
    name: stream.name,
    write(bytes) {
      asked = String.fromCharCode(...bytes);
      const known = answers.get(asked);
      if (active() && known !== undefined) {
        clock.at(clock.now() + PAUSE, () => {
          for (const listener of listeners) listener(known);
        });
        return;
      }
      answers.delete(asked);
      stream.write(bytes);
    },
    onData(listener): Cancel {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLost: (listener) => stream.onLost(listener),
    discard: () => stream.discard(),
    close: () => stream.close(),
  };
}
