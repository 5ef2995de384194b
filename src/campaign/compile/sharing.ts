import type { Plan } from "../../loop/plan.ts";
import type { Sharing } from "../../loop/sharing/sharing.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";
import { type LabResources, NO_RESOURCES, placesOfInstrument } from "./lab-resources.ts";

/** What a campaign shares among its experiments. */
interface Shared {
  readonly plan: Plan;
  /** Instrument for each role. */
  readonly roles: Readonly<Record<string, string>>;
  readonly shared: LabResources | undefined;
}

/** How experiments of a campaign that are under way at the same time share the lab; undefined for one at a time. */
export function compileSharing(
  faults: FaultCollector,
  file: WrittenCampaign,
  { plan, roles, shared = NO_RESOURCES }: Shared,
): Sharing | undefined {
  const { at_once: atOnce = 1, seed = 1 } = file;
  if (atOnce < 2) return undefined;
  const taken = plan.flatMap((each) => (each.kind === "take" ? each.resources : []));
  if (taken.length === 0)
    faults.warn(
      "campaign.nothing-held",
      ["at_once"],
      "nothing keeps the experiments apart: no step holds a vial, a position or an instrument",
      "put the steps of one sample into `hold: …, steps: […]`, or take `at_once` out where all share one vessel",
    );
  const resources = new Map(taken.map(({ name, places }) => [name, places]));
  for (const instrument of Object.values(roles))
    resources.set(instrument, placesOfInstrument(shared, instrument));
  return {
    atOnce,
    resources: [...resources].map(([name, places]) => ({ name, places })),
    instruments: roles,
    seed,
  };
}
