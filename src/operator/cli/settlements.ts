import type { Command, PerformCommand } from "../../loop/command.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { CampaignRow, Store } from "../../record/store.ts";

/** What will be made of each command that had no result when a campaign's process ended, a line each. */
export async function settlements(
  store: Store,
  row: CampaignRow,
  definition: LoopDefinition,
): Promise<string[]> {
  const open = (await store.outbox(row.key)).map(({ body }) => JSON.parse(body) as Command);
  return open.flatMap((command) =>
    command.kind === "perform" ? [`${told(command)} had no result: ${settlement(command, definition)}`] : [],
  );
}

function told({ role, action, experiment }: PerformCommand): string {
  return `${role}.${action} of experiment ${experiment}`;
}

function settlement({ role, action, effect }: PerformCommand, { doubts }: LoopDefinition): string {
  if (effect === "read") return "it is read again";
  if (effect === "end-state") return "it is set again, which is harmless";
  const policy = doubts?.byAction[`${role}.${action}`] ?? doubts?.usual ?? "stop";
  return `it may not be repeated, so the instrument is asked what it did; if it can't tell, ${POLICIES[policy]}`;
}

const POLICIES = {
  stop: "the campaign ends and everything is made safe",
  discard: "its sample is discarded",
  accept: "it counts as done",
  ask: "you are asked",
} as const;
