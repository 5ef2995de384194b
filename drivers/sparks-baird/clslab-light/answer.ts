import { CHANNELS, type Counts } from "./channels.ts";

/** What the node says about one command. */
export type Answer =
  | {
      readonly kind: "counts";
      readonly lit: Counts;
      readonly background: Counts;
      readonly nickname: string;
      /** By the node's clock, milliseconds since 1970; absent when it tells no time. */
      readonly measuredAt?: number;
    }
  | { readonly kind: "error"; readonly text: string };

/** By what an answer is known to belong to a command. */
export interface Correlation {
  readonly session: string;
  readonly experiment: string;
}

/**
 * Reads a message of the result topic.
 *
 * @returns undefined for answers to other commands and for whatever can't be read
 */
export function parseAnswer(payload: Uint8Array, correlation: Correlation): Answer | undefined {
  const message = parseObject(payload);
  const echo = asObject(message?.["_input_message"]);
  if (message === undefined || echo === undefined) return undefined;
  if (echo["_session_id"] !== correlation.session || echo["_experiment_id"] !== correlation.experiment) {
    return undefined;
  }
  for (const key of ["error", "reset_error", "emergency_error"]) {
    const text = message[key];
    if (typeof text === "string") return { kind: "error", text };
  }
  const lit = parseCounts(message);
  const background = parseCounts(asObject(message["background"]));
  if (lit === undefined || background === undefined) return undefined;
  const nickname = message["device_nickname"];
  const seconds = message["utc_timestamp"];
  return {
    kind: "counts",
    lit,
    background,
    nickname: typeof nickname === "string" ? nickname : "",
    ...(typeof seconds === "number" ? { measuredAt: seconds * 1000 } : {}),
  };
}

function parseObject(payload: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function parseCounts(object: Readonly<Record<string, unknown>> | undefined): Counts | undefined {
  const counts: Partial<Record<keyof Counts, number>> = {};
  for (const channel of CHANNELS) {
    const value = object?.[channel];
    if (typeof value !== "number" || !(value >= 0)) return undefined;
    counts[channel] = value;
  }
  return counts as Counts;
}
