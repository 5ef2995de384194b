import type { EventOf } from "../loop/event.ts";
import type { CampaignRow, Store } from "../record/store.ts";
import { type CampaignLoading, loadCampaign } from "./load-campaign.ts";
import { leased } from "./share/lease-names.ts";

/** Reads a campaign from the texts that its journal refers to. */
export async function reload(
  store: Store,
  row: CampaignRow,
  started: EventOf<"campaign.started">,
): Promise<CampaignLoading> {
  const loading = await loadCampaign({
    file: row.source,
    seed: started.seed,
    read: async (_, part) => {
      const digest = started.files[part];
      const body = digest === undefined ? undefined : await store.block(digest);
      if (body === undefined) throw new Error(`the database has no ${part} file of this campaign`);
      return Buffer.from(body).toString("utf8");
    },
  });
  if (loading.kind === "faults" || started.together === undefined) return loading;
  return { kind: "loaded", loaded: leased(loading.loaded) };
}
