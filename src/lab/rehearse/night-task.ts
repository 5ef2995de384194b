import { loadCampaign, type Rehearsal } from "../load-campaign.ts";
import { sampledFaults } from "./chaos.ts";
import type { LearnedDurations } from "./learned-durations.ts";
import { type Night, rehearseNight } from "./night.ts";

/** One night to rehearse; plain data. */
export interface NightTask {
  readonly file: string;
  readonly labFile?: string;
  readonly seed: number;
  readonly rehearsal: Rehearsal;
  /** What actions took on real instruments. */
  readonly durations?: LearnedDurations;
  /** Faults that are sampled besides. */
  readonly chaos?: { readonly rate: number; readonly hours: number };
}

/**
 * Loads a campaign with a seed and rehearses it.
 *
 * @throws Error when its files are no longer what they were
 */
export async function playNight({
  file,
  labFile,
  seed,
  rehearsal,
  chaos,
  durations,
}: NightTask): Promise<Night> {
  const source = { file, seed, ...(labFile !== undefined && { labFile }) };
  const load = async (changed: Rehearsal) => {
    const loading = await loadCampaign({ ...source, rehearsal: changed });
    if (loading.kind === "loaded") return loading.loaded;
    throw new Error(loading.faults.map(({ message }) => message).join("; "));
  };
  const loaded = await load(rehearsal);
  if (chaos === undefined) return rehearseNight(loaded, file, durations);
  const sampled = await sampledFaults(loaded.lab, { ...chaos, seed });
  const faults = [...(rehearsal.faults ?? []), ...sampled];
  return rehearseNight(await load({ ...rehearsal, faults }), file, durations);
}
