import { type Database, openDatabase } from "../../record/database.ts";
import { type CampaignRow, openStore, type Store } from "../../record/store.ts";
import { CliError } from "./cli-error.ts";
import type { CommonOptions } from "./terminal.ts";

/** Where campaigns are kept unless --db or LABLOOP_DB says otherwise. */
export const USUAL_DATABASE = ".labloop/labloop.db";

/** The database that a command works on. */
export function databaseAddress(options: CommonOptions): string {
  return options.db ?? process.env["LABLOOP_DB"] ?? USUAL_DATABASE;
}

/** Opens the database, does something, and closes it. */
export async function withDatabase<T>(
  options: CommonOptions,
  work: (store: Store, database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(databaseAddress(options));
  try {
    return await work(openStore(database), database);
  } finally {
    await database.close();
  }
}

/**
 * The campaign that a person means.
 *
 * @param prefer - which one is meant when no id is given
 * @throws CliError when there is none, or several begin like the id
 */
export async function findCampaign(
  store: Store,
  id: string | undefined,
  prefer: (row: CampaignRow) => boolean = () => true,
): Promise<CampaignRow> {
  const rows = id === undefined ? (await store.campaigns()).filter(prefer).slice(-1) : await store.find(id);
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  if (row === undefined) {
    throw new CliError({
      code: "record.no-campaign",
      message:
        id === undefined
          ? "there is no such campaign in this database"
          : `there is no campaign "${id}" in this database`,
      advice: "see `labloop list`, or choose another database with --db",
    });
  }
  throw new CliError({
    code: "record.ambiguous-campaign",
    message: `"${id}" begins ${rows.length} campaigns: ${rows.map((each) => each.key).join(", ")}`,
    advice: "give more of the id",
  });
}
