import type { Setting } from "../hypothesis/parameter.ts";
import type { Command } from "../loop/command.ts";
import type { LoopDefinition } from "../loop/definition.ts";
import type { EventOf } from "../loop/event.ts";
import type { History } from "../loop/history.ts";
import type { LoopState } from "../loop/loop.ts";
import { type Measured, measure } from "../loop/measure.ts";
import type { AskPerson } from "./ask-person.ts";
import { judgeMeasurement } from "./suspicion/judge-measurement.ts";

/** What an experiment is measured with. */
export interface MeasureOptions {
  readonly definition: Pick<LoopDefinition, "measurements" | "suspicion">;
  /** What is usual; nothing is found unusual when absent. */
  readonly history?: History;
  readonly ask: AskPerson;
  /** What an experiment measures in place of what its readings give, in a rehearsal. */
  readonly outcomes?: (experiment: number, setting: Setting) => Measured;
  /** Aborts when nothing is asked any more. */
  readonly signal: AbortSignal;
}

/** What an experiment's readings give, judged by what is usual. */
export async function measureExperiment(
  { definition, history, ask, outcomes, signal }: MeasureOptions,
  { campaign, experiments }: LoopState,
  { id, experiment }: Extract<Command, { kind: "measure" }>,
): Promise<EventOf<"measurement.recorded">> {
  const context = experiments[experiment]?.context;
  if (context === undefined) throw new Error(`experiment ${experiment} is measured but not in flight`);
  const { setting, repeats, procedure } = context;
  const measured = outcomes?.(experiment, setting) ?? measure(definition.measurements, procedure);
  const about = { type: "measurement.recorded", command: id, experiment, setting } as const;
  if (history === undefined) return { ...about, ...measured };
  // A campaign that ends does nothing once more.
  const policy = campaign.context.reason === null ? (definition.suspicion?.unlike ?? "note") : "note";
  const judged = await judgeMeasurement(
    { history, policy, ask, signal },
    { experiment, setting, measured, ...(repeats !== undefined && { repeats }) },
  );
  return { ...about, ...judged };
}
