import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import type { AskPerson } from "../ask-person.ts";
import type { OpenedCampaign } from "../open-campaign.ts";
import { operatorName } from "../operator-name.ts";
import { askApproval } from "../safety/ask-approval.ts";
import { Guard } from "../safety/guard.ts";
import { hasRules } from "../safety/rules.ts";
import type { StartOptions } from "../start-options.ts";

/** The guard of a campaign with rules of safety; it knows what the journal says that isn't told it again. */
export function campaignGuard(
  { loaded, mode }: StartOptions,
  { clock, roles, lab: { named } }: OpenedCampaign,
  stored: readonly JournalEntry[],
  ask: AskPerson,
  room: () => Promise<readonly number[]>,
): Guard | undefined {
  const { rules, campaign } = loaded;
  const { supplies } = loaded.lab;
  if (!hasRules(rules) && supplies.length === 0) return undefined;
  const guard = new Guard({
    rules,
    definition: campaign.definition.experiment,
    roles,
    instruments: named,
    clock,
    supplies,
    // A rehearsal begins with what the lab file declares.
    ...(mode === "live" && { room }),
    approve: (question, terms) => askApproval(ask, question, operatorName(), terms),
  });
  // Which of them go on is known with the next event.
  for (const entry of stored) guard.observe(eventOf(entry), () => true);
  return guard;
}
