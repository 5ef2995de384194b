import { parseQuantity } from "labloop/instrument";

/** The pump's names of volume units. */
const VOLUMES = { ML: "mL", UL: "uL" };

/** What the motor does, by the pump's prompt (manual #1200-01, section 10.2). */
export const PROMPTS = {
  I: "infusing",
  W: "withdrawing",
  S: "stopped",
  P: "paused",
  T: "in a timed pause",
  U: "waiting for a trigger",
  X: "purging",
} as const;

/** A prompt. */
export type Prompt = keyof typeof PROMPTS;

/** Alarms by their letter. */
export const ALARMS = {
  R: {
    description: "the pump's power was interrupted",
    advice: "check the power supply; what was dispensed before is no longer known to the pump",
  },
  S: {
    description: "the motor stalled",
    advice: "check for a blocked line, an empty or a full syringe, then start again",
  },
  T: { description: "the safe-mode time-out passed", advice: "check the line to the pump" },
  E: {
    description: "the pump's program has an error",
    advice: "switch the pump off and on, and connect again",
  },
  O: {
    description: "the program's phase is out of range",
    advice: "switch the pump off and on, and connect again",
  },
} as const;

/** An alarm. */
export type Alarm = keyof typeof ALARMS;

/** Why the pump refused a command. */
export const ERRORS: Readonly<Record<string, string>> = {
  "?": "it doesn't know the command",
  "?NA": "not possible at the moment",
  "?OOR": "the number is out of range",
  "?COM": "the packet was damaged",
  "?IGN": "ignored, since the phase changed at that moment",
};

/** An answer of the pump. */
export type Reply =
  | { readonly kind: "ok"; readonly prompt: Prompt; readonly data: string }
  | { readonly kind: "refused"; readonly prompt: Prompt; readonly error: string }
  /** The command was not executed, and the alarm is acknowledged. */
  | { readonly kind: "alarm"; readonly alarm: Alarm };

/**
 * Reads what stands between STX and ETX: address, prompt, data.
 *
 * @returns undefined when it is no reply of the pump at this address
 */
export function parseReply(message: string, address: number): Reply | undefined {
  const match = /^(\d\d)(?:A\?([RSTEO])|([IWSPTUX])([ -~]*))$/.exec(message);
  if (match === null || Number(match[1]) !== address) return undefined;
  const [, , alarm, prompt, data = ""] = match;
  if (alarm !== undefined) return { kind: "alarm", alarm: alarm as Alarm };
  if (data.startsWith("?")) return { kind: "refused", prompt: prompt as Prompt, error: data };
  return { kind: "ok", prompt: prompt as Prompt, data };
}

/** Volumes since they were last cleared, in mL. */
export interface Dispensed {
  readonly infused: number;
  readonly withdrawn: number;
}

/** Reads "I0.250W0.000ML". */
export function parseDispensed(data: string): Dispensed | undefined {
  const [, infused = "", withdrawn = "", unit = ""] = /^I([\d.]+)W([\d.]+)(ML|UL)$/.exec(data) ?? [];
  const [inf, wdr] = [infused, withdrawn].map((each) => parseQuantity(each + unit, VOLUMES, "mL"));
  return inf === undefined || wdr === undefined ? undefined : { infused: inf, withdrawn: wdr };
}
