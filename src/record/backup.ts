import { existsSync, statSync } from "node:fs";
import { copyFile, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Database, openDatabase } from "./database.ts";
import { databaseFault, RecordError } from "./record-error.ts";
import { openStore } from "./store.ts";
import { verifyChain } from "./verify-chain.ts";

/** What a backup holds. */
export interface BackedUp {
  readonly campaigns: number;
  readonly entries: number;
}

/**
 * Copies a SQLite database into one file, as it is at one moment, while campaigns go on writing to it. The file gets its
 * name when it is whole, on the disk, and every hash chain in it holds.
 *
 * @param force - replace a file that is there
 * @throws RecordError when the database is none of SQLite, the file is there already, or the copy isn't good
 */
export async function backUp(database: Database, file: string, force = false): Promise<BackedUp> {
  if (database.provider !== "sqlite")
    throw new RecordError({
      code: "record.server-backup",
      message: `${database.where}: a database server is backed up with its own tools`,
      advice:
        "run `pg_dump --format=custom --file=labloop.dump` with the address; `pg_restore` brings it back",
    });
  if (!force) refuseExisting(file, "choose another name, or replace it with --force");
  return placed(file, async (part) => {
    // Reads one moment of the database and holds no lock that a writer would wait for.
    await database.queries.$executeRawUnsafe("VACUUM INTO ?", part);
  });
}

/**
 * Makes a database from a backup.
 *
 * @param address - path of the database, where there is none yet
 * @throws RecordError when there is one, or the backup isn't good
 */
export async function restore(file: string, address: string): Promise<BackedUp> {
  if (/^postgres(ql)?:\/\//.test(address))
    throw new RecordError({
      code: "record.server-backup",
      message: "a backup of SQLite can't be restored to a database server",
      advice: "choose a file with --db; `pg_restore` brings a dump of PostgreSQL back",
    });
  if (!existsSync(file) || statSync(file).size === 0)
    throw new RecordError({
      code: "file.missing",
      message: `there is no file "${file}", or it is empty`,
      advice: "look at the path",
    });
  for (const each of [address, `${address}-wal`])
    refuseExisting(
      each,
      "move it away together with its -wal and -shm files, or choose another place with --db",
    );
  return placed(address, (part) => copyFile(file, part));
}

function refuseExisting(file: string, advice: string): void {
  if (!existsSync(file)) return;
  throw new RecordError({ code: "record.file-there", message: `"${file}" is there already`, advice });
}

/** Makes a database under a name of its own, looks at it, and gives it its name when it is good and on the disk. */
async function placed(file: string, make: (part: string) => Promise<void>): Promise<BackedUp> {
  const part = `${file}.${process.pid}.part`;
  try {
    await make(part);
    const held = await examined(part, file);
    await synced(part);
    await rename(part, file);
    await synced(dirname(file));
    return held;
  } catch (error) {
    throw error instanceof RecordError ? error : new RecordError(databaseFault(error, file), error);
  } finally {
    for (const end of ["", "-wal", "-shm", "-journal"]) await rm(`${part}${end}`, { force: true });
  }
}

/** Whether pages and hash chains of a database hold; `where` is its name for messages. */
async function examined(file: string, where: string): Promise<BackedUp> {
  const database = await openDatabase(file);
  try {
    const [{ integrity_check: pages } = { integrity_check: "" }] =
      await database.queries.$queryRawUnsafe<{ integrity_check: string }[]>("PRAGMA integrity_check(1)");
    if (pages !== "ok") throw new RecordError(databaseFault(new Error(`malformed: ${pages}`), where));
    const store = openStore(database);
    const rows = await store.campaigns();
    let count = 0;
    for (const row of rows) {
      const { entries, fault } = await verifyChain(store, row);
      if (fault !== undefined) throw new RecordError(fault);
      count += entries.length;
    }
    return { campaigns: rows.length, entries: count };
  } finally {
    await database.close();
  }
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Windows syncs no folders, and no file that is open for reading alone.
    if (process.platform !== "win32") throw error;
  } finally {
    await handle.close();
  }
}
