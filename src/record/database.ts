import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { memoryClient } from "./memory-client.ts";
import { migrate } from "./migrate.ts";
import { databaseFault, RecordError } from "./record-error.ts";
import { refuseAlien } from "./refuse-alien.ts";
import type { Provider, SqlClient } from "./sql-client.ts";

/** An open database. */
export interface Database {
  readonly provider: Provider;
  /** Path or address, without password, for messages. */
  readonly where: string;
  /** As it was opened, which may hold a password. */
  readonly address: string;
  /** For queries and everything that is no append. */
  readonly queries: SqlClient;
  /** Of the journal alone: interactive transactions on a shared client lose acknowledged writes. */
  readonly journal: SqlClient;
  close(): Promise<void>;
}

/** Milliseconds that a statement waits for another process's lock while the database is opened. */
const OPENING_PATIENCE = 2000;
/** The same afterwards, when waiting in SQLite would stop everything else that the process does. */
const RUNNING_PATIENCE = 50;

/**
 * Opens a database, creates it where there is none, and brings it to the current form.
 *
 * @param address - path of a SQLite file, ":memory:" is none; or a postgresql:// address
 * @throws RecordError when it can't be opened, is locked, or was written by a newer version
 */
export async function openDatabase(address: string): Promise<Database> {
  const provider: Provider = /^postgres(ql)?:\/\//.test(address) ? "postgresql" : "sqlite";
  const where = provider === "sqlite" ? address : withoutPassword(address);
  const clients: SqlClient[] = [];
  try {
    const connect = provider === "sqlite" ? await sqlite(address) : await postgresql(address);
    const journal = await connect();
    clients.push(journal);
    await migrate(journal, provider, where);
    const queries = await connect();
    clients.push(queries);
    if (provider === "sqlite")
      for (const client of clients) await client.$queryRawUnsafe(`PRAGMA busy_timeout=${RUNNING_PATIENCE}`);
    return { provider, where, address, queries, journal, close: () => disconnect(clients) };
  } catch (error) {
    await disconnect(clients);
    throw error instanceof RecordError ? error : new RecordError(databaseFault(error, where), error);
  }
}

/**
 * A database that is gone when it is closed, for rehearsals of which nothing is kept: it has one client, which nobody else's
 * lock can hold up.
 */
export async function openMemoryDatabase(): Promise<Database> {
  const client = memoryClient();
  await migrate(client, "sqlite", "memory");
  const [provider, where] = ["sqlite", "memory"] as const;
  return {
    provider,
    where,
    address: where,
    queries: client,
    journal: client,
    close: () => disconnect([client]),
  };
}

async function disconnect(clients: readonly SqlClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.$disconnect()));
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/([^:@/]*):.*@/, "//$1@").replace(/([?&]password=)[^&]*/gi, "$1…");
}

function sqliteModules() {
  return Promise.all([import("#prisma/sqlite"), import("@prisma/adapter-better-sqlite3")]);
}

async function sqlite(address: string): Promise<() => Promise<SqlClient>> {
  const [{ PrismaClient }, { PrismaBetterSqlite3 }] = await sqliteModules();
  const file = resolve(address);
  if (existsSync(file) && statSync(file).isDirectory())
    throw new RecordError({
      code: "record.cannot-open",
      message: `${address}: this is a folder, not a database`,
      advice: `name a file in it: --db ${join(address, "labloop.db")}`,
    });
  mkdirSync(dirname(file), { recursive: true });
  return async () => {
    const adapter = new PrismaBetterSqlite3({ url: `file:${file}`, timeout: OPENING_PATIENCE });
    const client = new PrismaClient({ adapter });
    try {
      await refuseAlien(client, address);
      await makeDurable(client, address);
    } catch (error) {
      await client.$disconnect();
      throw error;
    }
    return client;
  };
}

/**
 * Sets write-ahead logging with a sync at every commit and reads both back: an existing file opens with a weaker
 * setting, which would lose acknowledged writes when the power fails.
 */
async function makeDurable(client: SqlClient, where: string): Promise<void> {
  await client.$queryRawUnsafe("PRAGMA journal_mode=WAL");
  await client.$executeRawUnsafe("PRAGMA synchronous=FULL");
  const durability = await readDurability(client);
  if (durability.journalMode !== "wal" || durability.synchronous !== 2) {
    throw new RecordError({
      code: "record.not-durable",
      message: `${where}: the database keeps journal_mode=${durability.journalMode} and synchronous=${durability.synchronous}`,
      advice: "put the database on a local disk; network folders don't keep acknowledged writes",
    });
  }
}

/** How a SQLite client keeps what it acknowledges: "wal" and 2 (FULL) are what labloop needs. */
export async function readDurability(
  client: SqlClient,
): Promise<{ journalMode: string; synchronous: number }> {
  const [mode] = await client.$queryRawUnsafe<{ journal_mode: string }[]>("PRAGMA journal_mode");
  const [sync] = await client.$queryRawUnsafe<{ synchronous: number | bigint }[]>("PRAGMA synchronous");
  return { journalMode: String(mode?.journal_mode), synchronous: Number(sync?.synchronous) };
}

async function postgresql(address: string): Promise<() => Promise<SqlClient>> {
  const [{ PrismaClient }, { PrismaPg }] = await Promise.all([
    import("#prisma/postgresql"),
    import("@prisma/adapter-pg"),
  ]);
  return async () => new PrismaClient({ adapter: new PrismaPg({ connectionString: address }) });
}
