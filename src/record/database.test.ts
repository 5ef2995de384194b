import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PrismaClient } from "#prisma/sqlite";
import { openDatabase, readDurability } from "./database.ts";
import { statements } from "./migrate.ts";
import type { SqlClient } from "./sql-client.ts";
import { openStore } from "./store.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labloop-database-"));
  file = join(folder, "labloop.db");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A client as the adapter makes it, without labloop's settings. */
async function withBareClient<T>(use: (client: SqlClient) => Promise<T>): Promise<T> {
  const client = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${file}` }) });
  try {
    return await use(client);
  } finally {
    await client.$disconnect();
  }
}

const DURABLE = { journalMode: "wal", synchronous: 2 };

describe("a SQLite database", () => {
  it("is durable when its file is made", async () => {
    const database = await openDatabase(file);
    expect(await readDurability(database.journal)).toEqual(DURABLE);
    await database.close();
  });

  it("is durable when its file exists, though the adapter alone opens it with a weaker setting", async () => {
    await (await openDatabase(file)).close();
    expect(await withBareClient(readDurability)).toEqual({ journalMode: "wal", synchronous: 1 });
    const again = await openDatabase(file);
    expect(await readDurability(again.journal)).toEqual(DURABLE);
    expect(await readDurability(again.queries)).toEqual(DURABLE);
    await again.close();
  });

  it("is durable when another connection has its file open", async () => {
    const first = await openDatabase(file);
    const second = await openDatabase(file);
    expect(await readDurability(second.journal)).toEqual(DURABLE);
    await Promise.all([first.close(), second.close()]);
  });

  it("has a client of its own for the journal", async () => {
    const database = await openDatabase(file);
    expect(database.journal).not.toBe(database.queries);
    await database.close();
  });

  it("is refused, and left as it is, when another program made its tables", async () => {
    await withBareClient((client) => client.$executeRawUnsafe(`CREATE TABLE "notes" ("text" TEXT)`));
    await expect(openDatabase(file)).rejects.toMatchObject({ fault: { code: "record.not-a-database" } });
    const tables = await withBareClient((client) =>
      client.$queryRawUnsafe(`SELECT "name" FROM "sqlite_master" WHERE "type" = 'table'`),
    );
    expect(tables).toEqual([{ name: "notes" }]);
  });

  it("of a version that kept no stock is brought to this one's form, with what is in it", async () => {
    const first = readFileSync("prisma/sqlite/migrations/20261124000000_journal/migration.sql", "utf8");
    await withBareClient(async (client) => {
      for (const statement of statements(first)) await client.$executeRawUnsafe(statement);
      await client.$executeRawUnsafe(
        `CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
      );
      await client.$executeRawUnsafe(
        `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name") VALUES ('x', 'x', '20261124000000_journal')`,
      );
      await client.$executeRawUnsafe(
        `INSERT INTO "Campaign" ("key", "id", "run", "name", "source", "state", "simulated", "createdAt") VALUES ('old', 'old', 1, 'old', '', 'concluded', 0, '2026')`,
      );
    });
    const database = await openDatabase(file);
    const store = openStore(database);
    expect((await store.campaigns()).map(({ key }) => key)).toEqual(["old"]);
    const refill = { item: "dye", amount: "500 mL", by: "ada", time: "2026-11-27T10:00:00.000Z" };
    await store.keepRefill("bench", refill);
    expect(await store.refills("bench")).toEqual([refill]);
    await database.close();
  });

  it("is refused when a newer version wrote it", async () => {
    const database = await openDatabase(file);
    await database.queries.$executeRawUnsafe(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name") VALUES ('x', 'x', '9999_future')`,
    );
    await database.close();
    await expect(openDatabase(file)).rejects.toMatchObject({ fault: { code: "record.newer-version" } });
  });

  it("is refused when its path is a folder", async () => {
    await expect(openDatabase(folder)).rejects.toMatchObject({ fault: { code: "record.cannot-open" } });
  });
});
