import type { LoopState } from "../../loop/loop.ts";

type Campaign = Pick<LoopState["campaign"], "value">;

interface Regions {
  readonly mode?: unknown;
  readonly safety?: unknown;
}

/** Modes of a campaign in which instruments may be at work. */
const AT_WORK: ReadonlySet<string | undefined> = new Set(["running", "pausing", "paused", "stopping"]);

/** What a campaign is at, such as "running"; undefined before it has begun. */
export function modeOf({ value }: Campaign): string | undefined {
  const { mode } = value as Regions;
  return typeof mode === "string" ? mode : undefined;
}

/** Whether nothing begins before a person has acknowledged a trip or a halt. */
export function isLatched({ value }: Campaign): boolean {
  return (value as Regions).safety === "tripped";
}

/** Whether instruments may be at work for a campaign. */
export function isAtWork(campaign: Campaign): boolean {
  return AT_WORK.has(modeOf(campaign));
}

/**
 * Whether there is something to watch in a campaign.
 *
 * @param standsStill - whether time stands still while a person is waited for, as virtual time does
 */
export function isWatched(campaign: Campaign, standsStill: boolean): boolean {
  const asleep = standsStill && (modeOf(campaign) === "paused" || isLatched(campaign));
  return isAtWork(campaign) && !asleep;
}
