import { Supervisor, type SupervisorOptions } from "../interlock/supervisor.ts";
import type { OpenedCampaign } from "../open-campaign.ts";
import type { StartOptions } from "../start-options.ts";

/** The supervisor of a campaign in a lab that has interlocks. */
export function campaignSupervisor(
  { loaded, mode, seat }: StartOptions,
  { clock, roles, lab: { named } }: OpenedCampaign,
  heard: Pick<SupervisorOptions, "trip" | "holds">,
): Supervisor | undefined {
  const { interlocks } = loaded.lab;
  if (interlocks.length === 0) return undefined;
  return new Supervisor({
    interlocks,
    instruments: named,
    roles,
    clock,
    standsStill: mode === "virtual",
    ...(seat && { exclusions: seat.exclusions }),
    ...heard,
  });
}
