import type { Fault } from "../../base/fault.ts";
import type { Readings } from "../../instrument/contract/instrument.ts";
import type { PerformCommand } from "../../loop/command.ts";
import type { EventOf } from "../../loop/event.ts";

/** That an action was done. */
export function finished(
  command: PerformCommand,
  readings: Readings,
  flags?: readonly string[],
): EventOf<"action.finished"> {
  return { type: "action.finished", ...aboutOf(command), ...numbersOf(readings, flags) };
}

/** That an action was not done, or not as it should have been. */
export function failed(
  command: PerformCommand,
  fault: Fault,
  effect: EventOf<"action.failed">["effect"],
): EventOf<"action.failed"> {
  return { type: "action.failed", ...aboutOf(command), fault, effect };
}

/** What the events of a command say of it. */
function aboutOf({ id, experiment, role, action, arguments: given }: PerformCommand) {
  return { command: id, experiment, instrument: role, action, arguments: given };
}

/** Readings that the journal can give back; JSON keeps no other numbers than finite ones. */
function numbersOf(
  readings: Readings,
  flags: readonly string[] = [],
): Pick<EventOf<"action.finished">, "readings" | "flags"> {
  const lost = Object.keys(readings).filter((name) => !Number.isFinite(readings[name]));
  const told = [...flags, ...lost.map((name) => `unusable reading "${name}"`)];
  if (told.length === 0) return { readings };
  const kept = Object.fromEntries(Object.entries(readings).filter(([name]) => !lost.includes(name)));
  return { readings: kept, flags: told };
}
