import { type Clock, deadline } from "../base/clock.ts";
import type { Fault } from "../base/fault.ts";
import type { Instrument, SafeState } from "../instrument/index.ts";

/** What was read back from instruments that were told to be safe. */
export interface MadeSafe {
  /** Those that are safe, by role, in words. */
  readonly safe: Readonly<Record<string, string>>;
  /** Why nobody knows about the others, by role. */
  readonly unknown: Readonly<Record<string, Fault>>;
}

/** Milliseconds; the slowest line gives up three tries of 1.5 s well before it. */
export const SAFE_WITHIN = 10_000;

/**
 * Brings every instrument to its safe state, all at once, each within {@link SAFE_WITHIN}: one that doesn't answer
 * delays no other.
 *
 * @param instruments - by role
 */
export async function makeAllSafe(
  instruments: Readonly<Record<string, Instrument>>,
  clock: Clock,
): Promise<MadeSafe> {
  const safe: Record<string, string> = {};
  const unknown: Record<string, Fault> = {};
  await Promise.all(
    Object.entries(instruments).map(async ([role, instrument]) => {
      const state = await madeSafe(role, instrument, clock);
      if (state.kind === "safe") safe[role] = describe(state.state);
      else unknown[role] = state.fault;
    }),
  );
  return { safe, unknown };
}

/** What is told of an instrument that isn't safe in time, or can't be made so for a reason. */
export function notMadeSafe(role: string, error?: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: "instrument.not-made-safe",
    message:
      error === undefined
        ? `${role} didn't reach its safe state within ${SAFE_WITHIN / 1000} s`
        : `${role} can't be made safe: ${why}`,
    advice: "go and look; switch it off by hand",
  };
}

async function madeSafe(role: string, instrument: Instrument, clock: Clock): Promise<SafeState> {
  const fault = notMadeSafe(role);
  const limit = deadline(clock, SAFE_WITHIN, () => new Error(fault.message));
  const given = new Promise<SafeState>((resolve) => {
    limit.signal.addEventListener("abort", () => resolve({ kind: "unknown", fault }), { once: true });
  });
  const asked = instrument.makeSafe(limit.signal).catch((error: unknown): SafeState => {
    return { kind: "unknown", fault: notMadeSafe(role, error) };
  });
  const state = await Promise.race([asked, given]);
  limit.cancel();
  return state;
}

function describe(state: Readonly<Record<string, number | string>>): string {
  const words = Object.entries(state).map(([name, value]) => `${name} ${value}`);
  return words.join(", ") || "safe";
}
