import { type Cancel, type Clock, sleep } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { Decoder } from "../codec/codec.ts";
import { toBytes } from "../codec/latin1.ts";
import { printable } from "../codec/printable.ts";
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
  /** Called with every message that answers no request. */
  readonly unsolicited?: (message: M) => void;
}

/** One request. */
export interface LineRequest<M, A> {
  /** What is sent, latin1. */
  readonly send: string;
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
  close(): Promise<void>;
}

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
      await this.#settle(request.signal);
      if (this.#lost !== undefined) return { kind: "no answer", fault: this.#lost, sent };
      if (request.signal.aborted) return { kind: "no answer", fault: this.#aborted(request.signal), sent };
      const result = await this.#exchange(request);
      const last = attempt >= (request.attempts ?? 1) || this.#lost !== undefined;
      if (result.kind === "answer" || last) return result;
      sent = true;
    }
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
    return new Promise((resolve) => {
      const finish = (result: Exchange<A>): void => {
        cancel();
        signal.removeEventListener("abort", abort);
        this.#waiting = undefined;
        this.#fail = undefined;
        if (result.kind === "no answer") this.#suspect = true;
        clock.touch();
        resolve(result);
      };
      const fail = (fault: Fault): void => finish({ kind: "no answer", fault, sent: true });
      const abort = (): void => fail(this.#aborted(signal));
      const cancel = clock.at(clock.now() + timeout, () => fail(this.#silent(request.send, timeout)));
      signal.addEventListener("abort", abort, { once: true });
      this.#fail = fail;
      this.#waiting = (message) => {
        const answer = request.answer(message);
        if (answer === undefined) return false;
        finish({ kind: "answer", answer });
        return true;
      };
      stream.write(toBytes(request.send));
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

  #silent(send: string, timeout: number): Fault {
    const { instrument, stream } = this.#options;
    const asked = send.trim() === "" ? "a status request" : `"${printable(toBytes(send))}"`;
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

  #aborted(signal: AbortSignal): Fault {
    const reason: unknown = signal.reason;
    const why = reason instanceof Error ? reason.message : String(reason);
    return { code: "instrument.aborted", message: `${this.#options.instrument} was interrupted: ${why}` };
  }
}
