import { parseSourceFile } from "../campaign/file/source-file.ts";
import type { EventOf } from "../loop/event.ts";
import { eventOf } from "../record/journal-entry.ts";
import type { CampaignRow, Store } from "../record/store.ts";

/** The files that a campaign was run with, as they were written. */
export interface StoredFiles {
  readonly lab: Readonly<Record<string, unknown>>;
  readonly campaign: Readonly<Record<string, unknown>>;
}

/** The files of a campaign of a lab; undefined for one of another lab, or one that has done nothing. */
export async function filesOfLab(
  store: Pick<Store, "entries" | "block">,
  row: CampaignRow,
  name: string,
): Promise<StoredFiles | undefined> {
  for await (const entry of store.entries(row.key)) {
    const started = eventOf(entry);
    if (started.type !== "campaign.started") return undefined;
    const lab = await dataOf(store, started, "lab");
    if (lab?.["name"] !== name) return undefined;
    return { lab, campaign: (await dataOf(store, started, "campaign")) ?? {} };
  }
  return undefined;
}

/** Instruments by role, as the campaign file says; a role that it doesn't name is the instrument of the same name. */
export function rolesIn({ campaign }: StoredFiles): Readonly<Record<string, string>> {
  return (campaign["instruments"] ?? {}) as Record<string, string>;
}

async function dataOf(
  store: Pick<Store, "block">,
  { files }: EventOf<"campaign.started">,
  part: "lab" | "campaign",
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const digest = files[part];
  const body = digest === undefined ? undefined : await store.block(digest);
  if (body === undefined) return undefined;
  const parsed = parseSourceFile(part, Buffer.from(body).toString("utf8"));
  return parsed.kind === "file" ? (parsed.source.data as Readonly<Record<string, unknown>>) : undefined;
}
