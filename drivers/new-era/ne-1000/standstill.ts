import { type LineDevice, Trouble } from "labloop/instrument";
import { accepted, end, type PumpLine } from "./pump-line.ts";
import { PROMPTS, type Prompt } from "./reply.ts";

/** Milliseconds between two looks at a motor that should have stopped. */
const POLL = 200;
/** Longest time that nobody looks at a running motor. */
const WATCH = 2000;
/** A motor that runs for longer than this beyond its time has lost its way. */
const GRACE = 5000;

/** Whether the motor stands when the pump shows this. */
export function stands(prompt: Prompt): boolean {
  return prompt === "S" || prompt === "P";
}

/** Waits for the motor to stand still, expected in so many milliseconds. */
export async function standstill(device: LineDevice, line: PumpLine, expected: number): Promise<void> {
  const due = device.clock.now() + expected;
  for (;;) {
    if (stands((await line.ask(device, "")).prompt)) return;
    const left = due - device.clock.now();
    if (left < -GRACE)
      end(
        device,
        "instrument.overdue",
        `still runs ${GRACE} ms after the ${Math.round(expected)} ms that it should have taken`,
        "check that the pump's program is empty and its diameter is the lab file's",
      );
    await device.rest(left > 0 ? Math.min(left, WATCH) : POLL);
  }
}

/** Stops the motor; looks at most three times. */
export async function halt(device: LineDevice, line: PumpLine): Promise<void> {
  for (let i = 0; i < 2; i++) if ((await ifAny(stopped(device, line))) !== undefined) return;
  await stopped(device, line);
}

/**
 * Stops twice (the first stop only pauses) and looks. Stopping a pump that stands is refused with ?NA, which is as
 * good; an alarm in place of the status verifies nothing.
 */
async function stopped(device: LineDevice, line: PumpLine): Promise<Prompt> {
  await ifAny(line.send(device, "STP", 2));
  await ifAny(line.send(device, "STP", 2));
  const { prompt } = accepted(device, "", await line.send(device, "", 2));
  if (prompt === "S") return prompt;
  return end(
    device,
    "instrument.not-stopped",
    `is still ${PROMPTS[prompt]} after it was told to stop`,
    "stop the pump at its panel",
  );
}

/** What there is, or undefined when it ended with a Trouble. */
export async function ifAny<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Trouble) return undefined;
    throw error;
  }
}
