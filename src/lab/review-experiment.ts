import type { Fault } from "../base/fault.ts";
import { brokenConstraints } from "../experiment/space/feasibility.ts";
import type { Instrument } from "../instrument/contract/instrument.ts";
import type { Command } from "../loop/command.ts";
import type { LoopDefinition } from "../loop/definition.ts";
import type { EventOf } from "../loop/event.ts";
import { forecast, type PlannedAction } from "../loop/forecast.ts";
import type { History } from "../loop/history.ts";
import type { Guard } from "./safety/guard.ts";

/** What an experiment is reviewed with. */
export interface ReviewOptions {
  readonly definition: LoopDefinition;
  /** Instruments by role. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  /** Keeps the rules of safety; there are none when absent. */
  readonly guard?: Pick<Guard, "review">;
  /** What actions usually take; what their drivers say when absent. */
  readonly history?: Pick<History, "expected">;
}

/** Judges an experiment before it begins, and foretells how long it takes where something depends on that. */
export async function reviewExperiment(
  options: ReviewOptions,
  { id, experiment, setting }: Extract<Command, { kind: "review" }>,
): Promise<EventOf<"experiment.reviewed">> {
  const { guard, definition } = options;
  const broken = brokenConstraints(definition.problem.space, setting);
  const refused = broken.map(({ text }): Fault => {
    return { code: "experiment.refused", message: `the setting breaks the constraint "${text}"` };
  });
  const about = { type: "experiment.reviewed", command: id, experiment } as const;
  const reviewed =
    guard === undefined || refused.length > 0 ? { refused } : await guard.review(experiment, setting);
  const { window, experiment: planned } = definition;
  if (window === undefined && planned.sharing === undefined) return { ...about, ...reviewed };
  const { longest, actions } = forecast(planned, setting);
  return {
    ...about,
    ...reviewed,
    ...(window && Number.isFinite(longest) && { longest }),
    ...(planned.sharing && { takes: expectedDurations(options, id, actions) }),
  };
}

/** Milliseconds that actions are expected to take, by instruction; of those that are done several times the longest. */
function expectedDurations(
  { history, instruments }: Pick<ReviewOptions, "history" | "instruments">,
  key: string,
  actions: readonly PlannedAction[],
): Record<number, number> {
  const takes: Record<number, number> = {};
  for (const { at, role, action, arguments: planned } of actions) {
    const known = Object.entries(planned).filter(([, value]) => value !== undefined);
    const given = Object.fromEntries(known) as Record<string, number | string>;
    const expected =
      history?.expected({ id: key, role, action, arguments: given }) ??
      instruments[role]?.estimate({ action, arguments: given, key }) ??
      0;
    if (Number.isFinite(expected)) takes[at] = Math.max(takes[at] ?? 0, Math.round(expected));
  }
  return takes;
}
