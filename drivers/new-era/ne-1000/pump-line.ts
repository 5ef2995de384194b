import { type ConnectContext, type Fault, framed, type Line, openLine } from "labloop/instrument";
import { ALARMS, type Dispensed, ERRORS, parseDispensed, parseReply, type Reply } from "./reply.ts";

/** The pump did not do what it was asked; `sent` tells whether it may have got the command. */
export interface Problem {
  readonly kind: "problem";
  readonly fault: Fault;
  readonly sent: boolean;
}

/** An answer that is neither an alarm nor a refusal. */
export type Accepted = Extract<Reply, { kind: "ok" }>;

/** Commands and replies of one pump, in basic mode. */
export class PumpLine {
  readonly name: string;
  /** Whether the pump told that its power was interrupted since it was asked last. */
  interrupted = false;
  readonly #line: Line<string>;
  readonly #address: number;
  readonly #note: (text: string) => void;

  constructor(context: ConnectContext<"serial">) {
    this.name = context.name;
    this.#address = context.settings["address"] as number;
    this.#note = (text) => context.note(text);
    this.#line = openLine({
      instrument: context.name,
      stream: context.transport,
      decoder: framed({ start: 0x02, end: 0x03 }),
      clock: context.clock,
    });
  }

  /** One command, sent once, with whatever the pump answers. */
  async send(command: string, signal: AbortSignal, attempts = 1): Promise<Reply | Problem> {
    const prefix = this.#address === 0 ? "" : String(this.#address);
    const exchange = await this.#line.request({
      send: `${prefix}${command}\r`,
      answer: (message) => parseReply(message, this.#address),
      signal,
      attempts,
    });
    if (exchange.kind === "no answer") return { kind: "problem", fault: exchange.fault, sent: exchange.sent };
    if (exchange.answer.kind === "alarm") this.#acknowledge(exchange.answer.alarm);
    return exchange.answer;
  }

  /**
   * A command that may be repeated. After the alarm that power was interrupted the command was not executed,
   * and is given once more.
   */
  async ask(command: string, signal: AbortSignal): Promise<Accepted | Problem> {
    let reply = await this.send(command, signal, 3);
    if (reply.kind === "alarm" && reply.alarm === "R") reply = await this.send(command, signal, 3);
    return this.accepted(command, reply);
  }

  /** Commands that may be repeated, one after the other, until one fails. */
  async askAll(commands: readonly string[], signal: AbortSignal): Promise<Problem | undefined> {
    for (const command of commands) {
      const reply = await this.ask(command, signal);
      if (reply.kind === "problem") return reply;
    }
    return undefined;
  }

  /** Volumes since they were cleared. */
  async dispensed(signal: AbortSignal): Promise<Dispensed | Problem> {
    const reply = await this.ask("DIS", signal);
    if (reply.kind === "problem") return reply;
    return parseDispensed(reply.data) ?? this.unreadable("DIS", reply.data);
  }

  /** Makes a problem of an alarm and of a refusal. */
  accepted(command: string, reply: Reply | Problem): Accepted | Problem {
    switch (reply.kind) {
      case "ok":
      case "problem":
        return reply;
      case "refused":
        return this.#refused(command, reply.error);
      case "alarm":
        return { kind: "problem", fault: alarmFault(this.name, reply.alarm), sent: false };
    }
  }

  /** A problem for an answer that no one can read. */
  unreadable(command: string, data: string): Problem {
    const fault = {
      code: "instrument.unreadable-answer",
      message: `${this.name} answered "${data}" to "${command}", which is no answer that the manual has`,
      advice: "check that the instrument on this line is an NE-1000, and that its baud rate is right",
    };
    return { kind: "problem", fault, sent: true };
  }

  close(): Promise<void> {
    return this.#line.close();
  }

  #acknowledge(alarm: keyof typeof ALARMS): void {
    if (alarm === "R") this.interrupted = true;
    this.#note(`${this.name}: ${ALARMS[alarm].description}; the alarm was acknowledged`);
  }

  #refused(command: string, error: string): Problem {
    const fault = {
      code: "instrument.refused",
      message: `${this.name} refused "${command}" with ${error}: ${ERRORS[error] ?? "a reason that the manual doesn't have"}`,
      advice:
        error === "?OOR"
          ? "check the syringe's diameter in the lab file, and the rate"
          : "check the pump's display, then connect again",
    };
    return { kind: "problem", fault, sent: false };
  }
}

/** An alarm as a fault. */
export function alarmFault(name: string, alarm: keyof typeof ALARMS): Fault {
  const { description, advice } = ALARMS[alarm];
  return { code: "instrument.alarm", message: `${name} raised alarm ${alarm}: ${description}`, advice };
}
