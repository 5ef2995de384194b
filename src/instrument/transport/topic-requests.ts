import { type Clock, deadline } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { printable } from "../codec/printable.ts";
import { nextPresence, type Presence, parseStatus } from "./presence.ts";
import type { Accepted, PublishOptions, TopicClient, TopicMessage } from "./topic-client.ts";

/** Between which topics requests and answers go. */
export interface TopicRequestsOptions {
  /** What the instrument is called in messages. */
  readonly instrument: string;
  readonly topics: TopicClient;
  readonly clock: Clock;
  readonly requests: string;
  readonly answers: string;
  /** Retained topic on which the device says that it is online, and its last will that it is offline. */
  readonly status?: string;
  /** Part of the correlation data; other than that of any earlier connection. */
  readonly session: string;
  /** Called when the device restarted: what it was set to is lost. */
  restarted?(): void;
}

/** One request. */
export interface TopicRequest<A> {
  readonly payload: string;
  /** 1 when absent. */
  readonly qos?: 0 | 1 | 2;
  /** Milliseconds until it is given up. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Reads a message; undefined when it is no answer to this request. */
  answer(message: TopicMessage): A | undefined;
  /** When the device says that it took the answer's values, milliseconds since 1970. */
  measuredAt?(answer: A): number | undefined;
  /** Milliseconds; an older answer is a fault. Any age will do when absent. */
  readonly maximumAge?: number;
}

/** What became of a request. */
export type TopicAnswered<A> =
  | { readonly kind: "answer"; readonly answer: A }
  /** Nothing came in time, or the request was aborted. */
  | { readonly kind: "no answer"; readonly fault: Fault }
  /** The broker, the device or the answer's age stand in the way. */
  | { readonly kind: "failed"; readonly fault: Fault };

/** Bytes of a message that a fault shows. */
const SHOWN = 80;

interface Pending {
  readonly correlationData: Uint8Array;
  take(message: TopicMessage): void;
  fail(fault: Fault): void;
}

/**
 * Requests to a device behind a broker. An answer has to come after its request, so that no retained message is one, and
 * over MQTT 5 it has to repeat the request's correlation data, so that no late answer is taken for the next.
 */
export class TopicRequests {
  readonly #options: TopicRequestsOptions;
  readonly #pending = new Set<Pending>();
  #presence: Presence = {};
  #count = 0;
  #latest: Uint8Array | undefined;

  constructor(options: TopicRequestsOptions) {
    this.#options = options;
  }

  /** Listens for answers, and for the device's status where it has one. */
  async begin(): Promise<Accepted> {
    const { topics, answers, status } = this.#options;
    if (status !== undefined) {
      const listening = await topics.subscribe(status, ({ payload }) => this.#hear(payload));
      if (listening.kind === "failed") return listening;
    }
    return topics.subscribe(answers, (message) => this.#take(message));
  }

  /** Publishes a request and waits for its answer. */
  async request<A>(request: TopicRequest<A>): Promise<TopicAnswered<A>> {
    const { topics, clock, requests } = this.#options;
    if (request.signal.aborted) return { kind: "no answer", fault: this.#aborted(request.signal) };
    if (this.#presence.online === false) return { kind: "failed", fault: this.#offline() };
    const correlationData = this.#nextCorrelation();
    const limit = deadline(clock, request.timeout, () => new Error("no answer"), request.signal);
    const { answered, cancel } = this.#wait(request, correlationData, limit.signal);
    const sent = await topics.publish(requests, request.payload, this.#sending(request, correlationData));
    const result = sent.kind === "failed" ? sent : await answered;
    cancel();
    limit.cancel();
    return result;
  }

  #sending({ qos, timeout }: TopicRequest<unknown>, correlationData: Uint8Array): PublishOptions {
    return {
      ...(qos === undefined ? {} : { qos }),
      responseTopic: this.#options.answers,
      correlationData,
      messageExpiry: Math.ceil(timeout / 1000),
    };
  }

  #wait<A>(
    request: TopicRequest<A>,
    correlationData: Uint8Array,
    signal: AbortSignal,
  ): { answered: Promise<TopicAnswered<A>>; cancel: () => void } {
    const cancels: (() => void)[] = [];
    const cancel = (): void => {
      for (const each of cancels) each();
    };
    const answered = new Promise<TopicAnswered<A>>((resolve) => {
      const fail = (fault: Fault): void => resolve({ kind: "failed", fault });
      const abort = (): void => resolve({ kind: "no answer", fault: this.#unanswered(request) });
      const pending: Pending = {
        correlationData,
        fail,
        take: (message) => {
          const answer = request.answer(message);
          if (answer !== undefined) resolve(this.#judged(request, answer));
        },
      };
      this.#pending.add(pending);
      signal.addEventListener("abort", abort, { once: true });
      cancels.push(
        () => this.#pending.delete(pending),
        () => signal.removeEventListener("abort", abort),
        this.#options.topics.onLost(fail),
      );
    });
    return { answered, cancel };
  }

  #take(message: TopicMessage): void {
    if (message.retained) return;
    this.#latest = message.payload;
    for (const pending of this.#pending) {
      const ours = Buffer.from(pending.correlationData).equals(message.correlationData ?? Buffer.alloc(0));
      if (ours || this.#options.topics.protocolVersion < 5) pending.take(message);
    }
  }

  #hear(payload: Uint8Array): void {
    const message = parseStatus(payload);
    if (message === undefined) return;
    const { presence, restarted } = nextPresence(this.#presence, message);
    this.#presence = presence;
    if (restarted) this.#options.restarted?.();
    const fault = presence.online === false ? this.#offline() : restarted ? this.#restarted() : undefined;
    if (fault !== undefined) for (const pending of this.#pending) pending.fail(fault);
  }

  #judged<A>({ measuredAt, maximumAge }: TopicRequest<A>, answer: A): TopicAnswered<A> {
    const at = measuredAt?.(answer);
    const age = at === undefined ? 0 : this.#options.clock.now() - at;
    if (maximumAge === undefined || age <= maximumAge) return { kind: "answer", answer };
    return { kind: "failed", fault: this.#stale(age, maximumAge) };
  }

  #nextCorrelation(): Uint8Array {
    this.#count += 1;
    return Buffer.from(`${this.#options.session} ${this.#count}`);
  }

  #unanswered({ signal, timeout }: TopicRequest<unknown>): Fault {
    if (signal.aborted) return this.#aborted(signal);
    const { instrument, requests, topics } = this.#options;
    const came =
      this.#latest === undefined
        ? "nothing came"
        : `last message: ${printable(this.#latest.subarray(0, SHOWN))}`;
    return {
      code: "instrument.no-answer",
      message: `${instrument} (${requests} on ${topics.name}) gave no answer within ${Math.round(timeout)} ms; ${came}`,
      advice: "check that it has power and network, and that its topics in the lab file are right",
    };
  }

  #aborted(signal: AbortSignal): Fault {
    const reason: unknown = signal.reason;
    const why = reason instanceof Error ? reason.message : String(reason);
    return { code: "instrument.aborted", message: `${this.#options.instrument} was interrupted: ${why}` };
  }

  #offline(): Fault {
    const { instrument, status, topics } = this.#options;
    return {
      code: "instrument.offline",
      message: `${instrument} is offline, as ${status} on ${topics.name} says`,
      advice: "check its power and network; it is used again as soon as it is online",
    };
  }

  #restarted(): Fault {
    return {
      code: "instrument.restarted",
      message: `${this.#options.instrument} restarted in the middle of a request; what it was set to is lost`,
      advice: "find out why it restarted, and look at the sample; its state is read before it goes on",
    };
  }

  #stale(age: number, maximum: number): Fault {
    return {
      code: "instrument.stale",
      message: `${this.#options.instrument} gave a reading that is ${Math.round(age)} ms old; at most ${maximum} ms are allowed`,
      advice: "check the instrument's clock, and whether something on the way keeps messages",
    };
  }
}
