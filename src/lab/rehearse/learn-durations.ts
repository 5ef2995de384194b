import type { Database } from "../../record/database.ts";
import { openStore } from "../../record/store.ts";
import type { LoadedCampaign } from "../load-campaign.ts";
import { openSimulatedLab } from "../open-lab.ts";
import { earlierHistory } from "../suspicion/open-history.ts";
import { virtualTime } from "../virtual-time.ts";
import type { LearnedDurations } from "./learned-durations.ts";
import { isDrawn, outcomeModelOf } from "./outcome-model.ts";

/**
 * What the actions of a lab's real instruments took in the campaigns that a database has.
 *
 * @throws Error when the lab can't be simulated: its drivers tell what they expect of an action
 */
export async function learnDurations(database: Database, loaded: LoadedCampaign): Promise<LearnedDurations> {
  const { campaign, lab } = loaded;
  const { roles, name, seed } = campaign;
  const drawn = isDrawn(await outcomeModelOf(loaded));
  const clock = virtualTime(lab.start);
  const signal = new AbortController().signal;
  const opened = await openSimulatedLab({
    lab,
    roles,
    clock,
    seed,
    signal,
    note: () => undefined,
    ...(drawn && { drawn: { durations: {} } }),
  });
  if (opened.kind === "failed") throw new Error(opened.fault.message);
  try {
    const bench = { lab, roles, instruments: opened.instruments };
    return (await earlierHistory(openStore(database), bench, { name, mode: "live", asked: true })).durations;
  } finally {
    await opened.close();
  }
}
