import type { Database } from "./database.ts";
import { type CampaignRow, openStore } from "./store.ts";
import { unlocked } from "./unlocked.ts";

/** The concluded campaigns that were begun before a moment, oldest first. */
export async function forgettable(database: Database, before: Date): Promise<CampaignRow[]> {
  const rows = await openStore(database).campaigns();
  return rows.filter((row) => row.state === "concluded" && Date.parse(row.createdAt) < before.getTime());
}

/**
 * Deletes concluded campaigns with everything that belongs to them, in one transaction. Files that another campaign was
 * run with are kept; a campaign that isn't concluded is left as it is.
 *
 * @throws RecordError when nothing could be deleted
 */
export async function forget(database: Database, keys: readonly string[]): Promise<void> {
  await unlocked(database.where, () => deleted(database, keys));
}

async function deleted({ queries, provider }: Database, keys: readonly string[]): Promise<void> {
  const sqlite = provider === "sqlite";
  const slot = sqlite ? "?" : "$1";
  const found = sqlite ? `instr(e."data", "Block"."hash")` : `strpos(e."data", "Block"."hash")`;
  const concluded = `EXISTS (SELECT 1 FROM "Campaign" WHERE "key" = "campaign" AND "state" = 'concluded')`;
  const deletions = keys.flatMap((key) => [
    ...["Event", "Outbox", "Snapshot", "Request"].map((table) =>
      queries.$executeRawUnsafe(`DELETE FROM "${table}" WHERE "campaign" = ${slot} AND ${concluded}`, key),
    ),
    queries.$executeRawUnsafe(`DELETE FROM "Campaign" WHERE "key" = ${slot} AND "state" = 'concluded'`, key),
  ]);
  // A campaign without an entry is about to refer to blocks that it has just kept.
  const blocks = queries.$executeRawUnsafe(
    `DELETE FROM "Block" WHERE NOT EXISTS (SELECT 1 FROM "Event" AS e WHERE ${found} > 0)
       AND NOT EXISTS (SELECT 1 FROM "Campaign" WHERE "headSeq" = 0)`,
  );
  await queries.$transaction([...deletions, blocks]);
}
