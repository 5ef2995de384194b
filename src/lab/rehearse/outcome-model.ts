import { loadSimulator } from "../driver-registry.ts";
import type { LabDescription } from "../lab-description.ts";
import type { LoadedCampaign } from "../load-campaign.ts";

/** Where the outcomes of a rehearsal come from. */
export type OutcomeModel =
  | { readonly kind: "process"; readonly name: string }
  /** Simulated instruments that stand by themselves. */
  | { readonly kind: "instruments" }
  /** The nearest of the campaign's earlier results. */
  | ({ readonly kind: "earlier results"; readonly results: number } & Lacking)
  /** A draw from what the campaign believes beforehand. */
  | ({ readonly kind: "prior" } & Lacking);

/** Instruments of a campaign for which something is lacking to simulate them. */
export interface Lacking {
  /** They have stand-ins. */
  readonly noSimulator: readonly string[];
  /** They work, and there is nothing that they work on. */
  readonly noProcess: readonly string[];
}

/** Where the outcomes of a campaign's rehearsals come from: they are drawn where an instrument can't be simulated. */
export async function outcomeModelOf({
  campaign,
  lab,
}: Pick<LoadedCampaign, "campaign" | "lab">): Promise<OutcomeModel> {
  const lacking = { noSimulator: [] as string[], noProcess: [] as string[] };
  for (const name of new Set(Object.values(campaign.roles))) {
    const lacks = await lackingFor(lab, name);
    if (lacks !== undefined) lacking[lacks].push(name);
  }
  if (lacking.noSimulator.length + lacking.noProcess.length === 0)
    return lab.process === undefined ? { kind: "instruments" } : { kind: "process", name: lab.process.name };
  const { earlier = [] } = campaign.definition.problem;
  const results = earlier.flat().filter(({ outcome }) => outcome.kind === "measured").length;
  return results > 0 ? { kind: "earlier results", results, ...lacking } : { kind: "prior", ...lacking };
}

async function lackingFor(
  { instruments, process, file }: LabDescription,
  name: string,
): Promise<keyof Lacking | undefined> {
  const instrument = instruments[name];
  if (instrument === undefined) return undefined;
  const loaded = await loadSimulator(instrument.driverName, file);
  if (loaded.kind === "failed") return loaded.absent === true ? "noSimulator" : undefined;
  if (process !== undefined) return undefined;
  const port = loaded.value.settings["port"];
  const needsPort = port?.required === true || instrument.simulated["port"] !== undefined;
  return needsPort ? "noProcess" : undefined;
}

/** Whether outcomes are drawn, rather than read by simulated instruments. */
export function isDrawn(
  model: OutcomeModel,
): model is Exclude<OutcomeModel, { kind: "process" | "instruments" }> {
  return model.kind === "prior" || model.kind === "earlier results";
}
