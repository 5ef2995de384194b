import type { LoadedCampaign } from "../load-campaign.ts";

/** What a lease of a campaign covers: the instruments that it works with, and what its experiments hold besides, by name. */
export function leaseNames({ campaign: { roles, definition } }: LoadedCampaign): string[] {
  const held = definition.experiment.plan.flatMap((each) =>
    each.kind === "take" ? each.resources.map(({ name }) => name) : [],
  );
  return [...new Set([...Object.values(roles), ...held])];
}

/** A campaign whose experiments need leases. */
export function leased(loaded: LoadedCampaign): LoadedCampaign {
  const { campaign } = loaded;
  return { ...loaded, campaign: { ...campaign, definition: { ...campaign.definition, leased: true } } };
}
