import type { Cancel } from "../../base/clock.ts";
import { toBytes } from "../codec/latin1.ts";
import { printable } from "../codec/printable.ts";
import type { Line } from "../transport/line.ts";
import { type Device, type DeviceOptions, deviceOf } from "./device.ts";
import { Trouble } from "./trouble.ts";

/** A device that is reached over a line; texts are sent with the end that the framing names. */
export interface LineDevice<M = string> extends Device {
  /**
   * Sends a request and waits for its answer.
   *
   * @param answer - the answer in a message, or undefined when the message is not the answer to this request
   * @throws Trouble when there is none
   */
  ask<A>(send: string | Uint8Array, answer: (message: M) => A | undefined, options?: AskOptions): Promise<A>;
  /**
   * Sends what gets no answer.
   *
   * @throws Trouble when the line is lost
   */
  tell(send: string | Uint8Array, options?: TellOptions): Promise<void>;
  /** Calls the listener with every message that answers no request. */
  listen(listener: (message: M) => void): Cancel;
  /** Ends the call, since nobody can read what came. */
  unreadable(asked: string, message: string | Uint8Array): never;
}

/** How a request is made. */
export interface AskOptions {
  /** How often it is sent before it is given up: 2 when absent, 1 for what is `physical`. */
  readonly attempts?: number;
  /** Milliseconds until an answer is given up, when other than the line's. */
  readonly timeout?: number;
  /** It sets something going that may not be done twice: it is sent once, and the call has begun. */
  readonly physical?: boolean;
}

/** How something is sent that gets no answer. */
export interface TellOptions extends Pick<AskOptions, "physical"> {
  /** Milliseconds that the instrument needs before the next request. */
  readonly pause?: number;
  /** Goes out at once, also between a request and its answer. */
  readonly urgent?: boolean;
}

/** What all devices of an instrument share. */
export interface LineOfDevice<M> {
  readonly line: Line<M>;
  /** Put after every text that is sent. */
  readonly end: string;
  /** Changes every text before it is sent. */
  readonly write?: ((text: string) => string) | undefined;
  /** Hear every message that answers no request. */
  readonly listeners: Set<(message: M) => void>;
}

/** Makes a device over a line. */
export function lineDeviceOf<M>(
  { line, end, write = (text) => text, listeners }: LineOfDevice<M>,
  options: DeviceOptions,
): LineDevice<M> {
  const device = deviceOf(options);
  const { signal } = options;
  const ended = (send: string | Uint8Array): string | Uint8Array =>
    typeof send === "string" ? write(send) + end : send;
  return {
    ...device,
    async ask(send, answer, { attempts, physical = false, timeout } = {}) {
      const exchange = await line.request({
        send: ended(send),
        answer,
        signal,
        attempts: attempts ?? (physical ? 1 : 2),
        ...(timeout === undefined ? {} : { timeout }),
      });
      if (physical && (exchange.kind === "answer" || exchange.sent)) device.begin();
      if (exchange.kind === "no answer") throw new Trouble(exchange.fault);
      return exchange.answer;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    unreadable: (asked, message) =>
      device.fail(
        "instrument.unreadable-answer",
        `it gave no readable answer to "${asked}"; last message: ${printable(typeof message === "string" ? toBytes(message) : message)}`,
        "check which instrument is on this line, and its baud rate and parity",
      ),
    async tell(send, { physical = false, ...how } = {}) {
      if (physical) device.begin();
      const told = await line.tell({ send: how.urgent === true ? send : ended(send), signal, ...how });
      if (told.kind === "not sent") throw new Trouble(told.fault);
    },
  };
}
