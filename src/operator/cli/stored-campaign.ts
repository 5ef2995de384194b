import type { Fault } from "../../base/fault.ts";
import type { LoadedCampaign } from "../../lab/load-campaign.ts";
import { reload } from "../../lab/reload-campaign.ts";
import type { EventOf } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../record/store.ts";

/** A campaign as its journal refers to it. */
export type StoredCampaign =
  | {
      readonly kind: "stored";
      readonly loaded: LoadedCampaign;
      readonly started: EventOf<"campaign.started">;
    }
  | { readonly kind: "faults"; readonly faults: readonly [Fault, ...Fault[]] };

/** Reads a campaign back from the files in the database. */
export async function readCampaign(store: Store, row: CampaignRow): Promise<StoredCampaign> {
  for await (const entry of store.entries(row.key)) {
    const started = eventOf(entry);
    if (started.type !== "campaign.started") break;
    const loading = await reload(store, row, started);
    return loading.kind === "faults"
      ? { kind: "faults", faults: loading.faults as [Fault, ...Fault[]] }
      : { kind: "stored", loaded: loading.loaded, started };
  }
  const message = `campaign ${row.key} has no event in its journal`;
  return {
    kind: "faults",
    faults: [{ code: "campaign.empty", message, advice: "run it again from its file" }],
  };
}

/** The whole journal of a campaign. */
export async function entriesOf(
  store: Pick<Store, "entries">,
  { key }: CampaignRow,
): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.entries(key)) entries.push(entry);
  return entries;
}
