import { type CampaignValue, isAtWork, isLatched, modeOf } from "../../loop/campaign-mode.ts";

/**
 * Whether there is something to watch in a campaign.
 *
 * @param standsStill - whether time stands still while a person is waited for, as virtual time does
 */
export function isWatched(campaign: CampaignValue, standsStill: boolean): boolean {
  const asleep = standsStill && (modeOf(campaign) === "paused" || isLatched(campaign));
  return isAtWork(campaign) && !asleep;
}
