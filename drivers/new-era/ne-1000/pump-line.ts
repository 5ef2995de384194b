import { type LineDevice, Trouble } from "labloop/instrument";
import { ALARMS, type Dispensed, ERRORS, parseDispensed, parseReply, type Reply } from "./reply.ts";

/** An answer that is neither an alarm nor a refusal. */
export type Accepted = Extract<Reply, { kind: "ok" }>;

/** Commands and replies of one pump, in basic mode. Functions end with a Trouble when the pump doesn't do what it is asked. */
export interface PumpLine {
  /** Whether the pump told that its power was interrupted since its counter was cleared last. */
  interrupted: boolean;
  /** One command, with whatever the pump answers; sent once unless it says otherwise. */
  send(device: LineDevice, command: string, attempts?: number): Promise<Reply>;
  /**
   * A command that may be repeated. After the alarm that power was interrupted the command was not executed,
   * and is given once more.
   */
  ask(device: LineDevice, command: string): Promise<Accepted>;
  /** Volumes since they were cleared. */
  dispensed(device: LineDevice): Promise<Dispensed>;
}

/** Opens the conversation with the pump at an address. */
export function pumpLine(address: number): PumpLine {
  const line: PumpLine = {
    interrupted: false,
    async send(device, command, attempts = 1) {
      const physical = command === "RUN";
      const answer = (message: string) => parseReply(message, address);
      const reply = await device.ask(command, answer, { attempts, physical });
      if (reply.kind !== "alarm") return reply;
      if (reply.alarm === "R") line.interrupted = true;
      device.note(`${ALARMS[reply.alarm].description}; the alarm was acknowledged`);
      return reply;
    },
    async ask(device, command) {
      let reply = await line.send(device, command, 3);
      if (reply.kind === "alarm" && reply.alarm === "R") reply = await line.send(device, command, 3);
      return accepted(device, command, reply);
    },
    async dispensed(device) {
      const { data } = await line.ask(device, "DIS");
      return parseDispensed(data) ?? unreadable(device, "DIS", data);
    },
  };
  return line;
}

/** Ends the call; the message begins with the pump's name. */
export function end(device: LineDevice, code: string, what: string, advice: string): never {
  throw new Trouble({ code, message: `${device.name} ${what}`, advice });
}

/** The reply, if it is neither an alarm nor a refusal. */
export function accepted(device: LineDevice, command: string, reply: Reply): Accepted {
  switch (reply.kind) {
    case "ok":
      return reply;
    case "refused":
      return end(
        device,
        "instrument.refused",
        `refused "${command}" with ${reply.error}: ${ERRORS[reply.error] ?? "a reason that the manual doesn't have"}`,
        reply.error === "?OOR"
          ? "check the syringe's diameter in the lab file, and the rate"
          : "check the pump's display, then connect again",
      );
    case "alarm": {
      const { description, advice } = ALARMS[reply.alarm];
      return end(device, "instrument.alarm", `raised alarm ${reply.alarm}: ${description}`, advice);
    }
  }
}

/** Ends the call for an answer that no one can read. */
export function unreadable(device: LineDevice, command: string, data: string): never {
  return end(
    device,
    "instrument.unreadable-answer",
    `answered "${data}" to "${command}", which is no answer that the manual has`,
    "check that the instrument on this line is an NE-1000, and that its baud rate is right",
  );
}
