import type { Fault } from "../../base/fault.ts";

/** Why a call ended that its signal interrupted. */
export function interruption(name: string, { reason }: AbortSignal): Fault {
  const why = reason instanceof Error ? reason.message : String(reason);
  return { code: "instrument.aborted", message: `${name} was interrupted: ${why}` };
}

/** Why an instrument doesn't begin a second action. */
export function busyFault(name: string): Fault {
  return {
    code: "instrument.busy",
    message: `${name} is busy with another action`,
    advice: "wait until it has ended",
  };
}
