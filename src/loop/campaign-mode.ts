/** A campaign's machine, as far as it says what the campaign is at. */
export interface CampaignValue {
  readonly value: unknown;
}

interface Regions {
  readonly mode?: unknown;
  readonly safety?: unknown;
}

/** Modes of a campaign in which instruments may be at work. */
const AT_WORK: ReadonlySet<string | undefined> = new Set(["running", "pausing", "paused", "stopping"]);

/** What a campaign is at, such as "running"; undefined before it has begun. */
export function modeOf({ value }: CampaignValue): string | undefined {
  const { mode } = value as Regions;
  return typeof mode === "string" ? mode : undefined;
}

/** Whether nothing begins before a person has acknowledged a trip or a halt. */
export function isLatched({ value }: CampaignValue): boolean {
  return (value as Regions).safety === "tripped";
}

/** Whether instruments may be at work for a campaign. */
export function isAtWork(campaign: CampaignValue): boolean {
  return AT_WORK.has(modeOf(campaign));
}
