import { type Cancel, type Clock, sleep } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { Decoder } from "../codec/codec.ts";
import { toBytes } from "../codec/latin1.ts";
import { printable } from "../codec/printable.ts";
import { interruption } from "../contract/call-faults.ts";
import type { ByteStream } from "./byte-stream.ts";

/** How requests and answers go over a byte stream. */
export interface LineOptions<M> {
  /** The instrument's name, for the messages. */
  readonly instrument: string;
  readonly stream: ByteStream;
  readonly decoder: Decoder<M>;
  readonly clock: Clock;
  /** Milliseconds until an answer is given up; 1500 when absent. */
  readonly timeout?: number;
  /** Least milliseconds between the end of one request and the next; 0 when absent. */
  readonly gap?: number;
  /** Messages that may come before an answer without being it; Infinity when absent. */
  readonly strangers?: number;
  /**
   * What brings requests and answers into step again once a suspect line is silent, such as a question whose answer
   * is known. Requests fail unsent until it succeeds.
   */
  readonly resynchronise?: Pick<LineRequest<M, unknown>, "send" | "answer" | "timeout">;
  /** Called with every message that answers no request. */
  readonly unsolicited?: (message: M) => void;
}

/** One request. */
export interface LineRequest<M, A> {
  /** What is sent; a text is latin1. */
  readonly send: string | Uint8Array;
  /** The answer in a message, or undefined when the message is not the answer to this request. */
  readonly answer: (message: M) => A | undefined;
  readonly signal: AbortSignal;
  /** How often it is sent before it is given up; 1 when absent. More only for what may be repeated. */
  readonly attempts?: number;
  /** Milliseconds until an answer is given up, when other than the line's. */
  readonly timeout?: number;
}

/** The answer, or why there is none; `sent` tells whether the instrument may have got the request. */
export type Exchange<A> =
  | { readonly kind: "answer"; readonly answer: A }
  | { readonly kind: "no answer"; readonly fault: Fault; readonly sent: boolean };

/** Requests and answers over a byte stream, one at a time. */
export interface Line<M> {
  /** Sends a request and waits for its answer. Never throws. */
  request<A>(request: LineRequest<M, A>): Promise<Exchange<A>>;
  /** Sends what gets no answer, in its turn. Never throws. */
  tell(message: LineMessage): Promise<Told>;
  close(): Promise<void>;
}

/** What is sent without waiting for an answer. */
export interface LineMessage {
  /** What is sent; a text is latin1. */
  readonly send: string | Uint8Array;
  readonly signal: AbortSignal;
  /** Milliseconds that the instrument needs before the next request, when more than the line's gap. */
  readonly pause?: number;
  /** Goes out at once, also between a request and its answer, as the real-time bytes of a motion controller do. */
  readonly urgent?: boolean;
}

/** Whether something was sent. */
export type Told = { readonly kind: "sent" } | { readonly kind: "not sent"; readonly fault: Fault };

/** Silence after which nothing late is expected any more: 50 ms is 96 bytes at 19,200 baud. */
const QUIET = 50;
/** Longest wait for silence, in pieces of {@link QUIET}. */
const PATIENCE = 20;
/** Bytes that a fault shows. */
const SHOWN = 64;

/**
 * Opens requests and answers over a byte stream.
 *
 * After an answer did not come, the line is suspect: what arrives late must not be taken for the next answer,
 * so the next request waits until the line is silent.
 */
export function openLine<M>(options: LineOptions<M>): Line<M> {
  return new QueuedLine(options);
}

class QueuedLine<M> implements Line<M> {
  readonly #options: LineOptions<M>;
  readonly #cancels: Cancel[];
  #last: Promise<unknown> = Promise.resolve();
  #waiting: ((message: M) => boolean) | undefined;
  #fail: ((fault: Fault) => void) | undefined;
  #lost: Fault | undefined;
  #suspect = false;
  /** When the line may be used again. */
  #free = 0;
  #received = 0;
  #tail = new Uint8Array(0);

  constructor(options: LineOptions<M>) {
    this.#options = options;
    this.#cancels = [
      options.stream.onData((bytes) => this.#receive(bytes)),
      options.stream.onLost((fault) => {
        this.#lost = fault;
        this.#fail?.(fault);
      }),
    ];
  }

  request<A>(request: LineRequest<M, A>): Promise<Exchange<A>> {
    const result = this.#last.then(() => this.#attempt(request));
    this.#last = result;
    return result;
  }

  tell(message: LineMessage): Promise<Told> {
    if (message.urgent === true) return Promise.resolve(this.#write(message));
    const result = this.#last.then(async () => {
      const fault = await this.#ready(message.signal);
      return fault === undefined ? this.#write(message) : { kind: "not sent" as const, fault };
    });
    this.#last = result;
    return result;
  }

  #write({ send, pause = 0 }: LineMessage): Told {
    if (this.#lost !== undefined) return { kind: "not sent", fault: this.#lost };
    const { clock, gap = 0, stream } = this.#options;
    this.#free = Math.max(this.#free, clock.now() + Math.max(pause, gap));
    stream.write(bytesOf(send));
    return { kind: "sent" };
  }

  async close(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    const fault: Fault = {
      code: "instrument.line-closed",
      message: `the line to ${this.#options.instrument} was closed`,
    };
    this.#lost ??= fault;
    this.#fail?.(fault);
    await this.#options.stream.close();
  }

  async #attempt<A>(request: LineRequest<M, A>): Promise<Exchange<A>> {
    let sent = false;
    for (let attempt = 1; ; attempt++) {
      const fault = await this.#ready(request.signal);
      if (fault !== undefined) return { kind: "no answer", fault, sent };
      const result = await this.#exchange(request);
      const last = attempt >= (request.attempts ?? 1) || this.#lost !== undefined;
      if (result.kind === "answer" || last) return result;
      sent = true;
    }
  }

  /** Waits until the line may be used; why it may not. */
  async #ready(signal: AbortSignal): Promise<Fault | undefined> {
    const { clock, resynchronise } = this.#options;
    const suspect = this.#suspect;
    await this.#settle(signal);
    const wait = this.#free - clock.now();
    if (wait > 0) await sleep(clock, wait, signal).catch(() => undefined);
    if (this.#lost !== undefined) return this.#lost;
    if (signal.aborted) return interruption(this.#options.instrument, signal);
    if (!suspect || resynchronise === undefined) return undefined;
    const result = await this.#exchange({ ...resynchronise, signal });
    return result.kind === "answer" ? undefined : result.fault;
  }

  /** Waits until a suspect line is silent, and throws away what came meanwhile. */
  async #settle(signal: AbortSignal): Promise<void> {
    const { clock, decoder, stream } = this.#options;
    for (let i = 0; this.#suspect && this.#lost === undefined && i < PATIENCE; i++) {
      const before = this.#received;
      await stream.discard();
      await sleep(clock, QUIET, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (this.#received === before) this.#suspect = false;
    }
    decoder.reset();
    this.#tail = new Uint8Array(0);
  }

  #exchange<A>(request: LineRequest<M, A>): Promise<Exchange<A>> {
    const { clock, stream } = this.#options;
    const { signal } = request;
    const timeout = request.timeout ?? this.#options.timeout ?? 1500;
    let strangers = 0;
    return new Promise((resolve) => {
      const finish = (result: Exchange<A>): void => {
        cancel();
        signal.removeEventListener("abort", abort);
        this.#waiting = undefined;
        this.#fail = undefined;
        if (result.kind === "no answer") this.#suspect = true;
        this.#free = clock.now() + (this.#options.gap ?? 0);
        clock.touch();
        resolve(result);
      };
      const fail = (fault: Fault): void => finish({ kind: "no answer", fault, sent: true });
      const abort = (): void => fail(interruption(this.#options.instrument, signal));
      const cancel = clock.at(clock.now() + timeout, () => fail(this.#silent(request.send, timeout)));
      signal.addEventListener("abort", abort, { once: true });
      this.#fail = fail;
      this.#waiting = (message) => {
        const answer = request.answer(message);
        if (answer === undefined) {
          strangers += 1;
          if (strangers > (this.#options.strangers ?? Infinity)) fail(this.#strange(request.send));
          return false;
        }
        finish({ kind: "answer", answer });
        return true;
      };
      stream.write(bytesOf(request.send));
    });
  }

  #receive(bytes: Uint8Array): void {
    this.#options.clock.touch();
    this.#received += bytes.length;
    this.#tail = Uint8Array.from([...this.#tail, ...bytes.subarray(-SHOWN)].slice(-SHOWN));
    for (const message of this.#options.decoder.push(bytes)) {
      if (this.#waiting?.(message) !== true) this.#options.unsolicited?.(message);
    }
  }

  #strange(send: string | Uint8Array): Fault {
    const { instrument, stream } = this.#options;
    return {
      code: "instrument.unreadable-answer",
      message: `${instrument} on ${stream.name} sent one message after the other and no answer to ${shown(send)}; last bytes: ${printable(this.#tail)}`,
      advice: "check that nobody else uses the line, and that the instrument doesn't send by itself",
    };
  }

  #silent(send: string | Uint8Array, timeout: number): Fault {
    const { instrument, stream } = this.#options;
    const asked = shown(send);
    const came = this.#tail.length === 0 ? "nothing came" : `last bytes: ${printable(this.#tail)}`;
    return {
      code: this.#tail.length === 0 ? "instrument.no-answer" : "instrument.unreadable-answer",
      message: `${instrument} on ${stream.name} gave no answer to ${asked} within ${timeout} ms; ${came}`,
      advice:
        this.#tail.length === 0
          ? "check power, cable, address and baud rate of the instrument"
          : "check baud rate and parity, and that nobody else uses the line",
    };
  }
}

function bytesOf(send: string | Uint8Array): Uint8Array {
  return typeof send === "string" ? toBytes(send) : send;
}

function shown(send: string | Uint8Array): string {
  const text = printable(bytesOf(send));
  return typeof send === "string" && send.trim() === "" ? "a status request" : `"${text}"`;
}
