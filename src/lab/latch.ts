import type { Fault } from "../base/fault.ts";
import type { EventOf } from "../loop/event.ts";
import { eventOf } from "../record/journal-entry.ts";
import type { CampaignRow, Store } from "../record/store.ts";
import { reload } from "./reload-campaign.ts";

/** The campaign whose trip keeps a lab from being used until a person has acknowledged it. */
export async function latchedBy(store: Store, lab: string): Promise<string | undefined> {
  for (const key of await store.latched()) {
    const [row] = await store.find(key);
    const started = row && (await firstEvent(store, row));
    if (row === undefined || started === undefined) continue;
    const loading = await reload(store, row, started);
    // Of a lab that can't be read any more nobody can tell that it is another one.
    if (loading.kind === "faults" || loading.loaded.lab.name === lab) return key;
  }
  return undefined;
}

async function firstEvent(store: Store, row: CampaignRow): Promise<EventOf<"campaign.started"> | undefined> {
  for await (const entry of store.entries(row.key)) {
    const event = eventOf(entry);
    return event.type === "campaign.started" ? event : undefined;
  }
  return undefined;
}

/** That a lab isn't used before somebody has acknowledged what brought it to a stop. */
export function latchFault(key: string): Fault {
  return {
    code: "campaign.latched",
    message: `this lab was brought to a stop in campaign ${key} (an interlock tripped, or a person halted it), and nobody has acknowledged that`,
    advice: `look at the bench and at \`labloop show ${key}\`, then \`labloop acknowledge ${key}\``,
  };
}
