import type { LoopEvent } from "../../loop/event.ts";
import { AlarmKeeper } from "../alarm/alarm-keeper.ts";
import type { AlarmBook } from "../alarm/fold-alarms.ts";
import type { OpenedCampaign } from "../open-campaign.ts";
import type { StartOptions } from "../start-options.ts";

/** The keeper of a campaign's alarms, which takes up what its journal left behind. */
export function campaignAlarms(
  { loaded, mode }: StartOptions,
  { clock, lab: { named: instruments } }: OpenedCampaign,
  book: AlarmBook,
  tell: (event: LoopEvent) => void,
): AlarmKeeper {
  const standsStill = mode === "virtual";
  return new AlarmKeeper({ policy: loaded.lab.alarms, instruments, clock, standsStill, book, tell });
}
