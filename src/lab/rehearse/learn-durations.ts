import type { Database } from "../../record/database.ts";
import { openStore } from "../../record/store.ts";
import type { LoadedCampaign } from "../load-campaign.ts";
import { openSimulatedLab } from "../open-lab.ts";
import { earlierHistory } from "../suspicion/open-history.ts";
import { virtualTime } from "../virtual-time.ts";
import type { LearnedDurations } from "./learned-durations.ts";

/**
 * What the actions of a lab's real instruments took in the campaigns that a database has.
 *
 * @throws Error when the lab can't be simulated: its drivers tell what they expect of an action
 */
export async function learnDurations(
  database: Database,
  { campaign, lab }: LoadedCampaign,
): Promise<LearnedDurations> {
  const { roles, name, seed } = campaign;
  const clock = virtualTime(lab.start);
  const signal = new AbortController().signal;
  const opened = await openSimulatedLab({ lab, roles, clock, seed, signal, note: () => undefined });
  if (opened.kind === "failed") throw new Error(opened.fault.message);
  try {
    const bench = { lab, roles, instruments: opened.instruments };
    return (await earlierHistory(openStore(database), bench, { name, mode: "live", asked: true })).durations;
  } finally {
    await opened.close();
  }
}
