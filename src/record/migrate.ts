import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RecordError } from "./record-error.ts";
import type { Provider, SqlClient } from "./sql-client.ts";

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings a database to the form that this version knows, with the migrations in prisma/ and the bookkeeping of
 * `prisma migrate`.
 *
 * @throws RecordError when the database was written by a newer version
 */
export async function migrate(client: SqlClient, provider: Provider, where: string): Promise<void> {
  const migrations = readMigrations(provider);
  await client.$executeRawUnsafe(BOOKKEEPING[provider]);
  const rows = await client.$queryRawUnsafe<{ migration_name: string }[]>(
    `SELECT "migration_name" FROM "_prisma_migrations"`,
  );
  const applied = new Set(rows.map((row) => row.migration_name));
  const unknown = [...applied].find((name) => !migrations.some((each) => each.name === name));
  if (unknown !== undefined) {
    throw new RecordError({
      code: "record.newer-version",
      message: `${where}: this database was written by a newer version of labloop (it has "${unknown}")`,
      advice: "install that version of labloop, or choose another database with --db",
    });
  }
  for (const migration of migrations) {
    if (!applied.has(migration.name)) await apply(client, provider, migration);
  }
}

async function apply(client: SqlClient, provider: Provider, migration: Migration): Promise<void> {
  const checksum = hash("sha256", migration.sql, "hex");
  const done = provider === "sqlite" ? "CAST(unixepoch('subsec') * 1000 AS INTEGER)" : "now()";
  const id = `${checksum.slice(0, 8)}-${checksum.slice(8, 12)}-4${checksum.slice(13, 16)}-8${checksum.slice(17, 20)}-${checksum.slice(20, 32)}`;
  // Prisma sends the statements of this form as one transaction.
  await client.$transaction([
    client.$executeRawUnsafe(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count") VALUES ('${id}', '${checksum}', '${migration.name}', ${done}, 1)`,
    ),
    ...statements(migration.sql).map((statement) => client.$executeRawUnsafe(statement)),
  ]);
}

const BOOKKEEPING: Readonly<Record<Provider, string>> = {
  sqlite: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
  postgresql: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" ("id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ, "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ, "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`,
};

function readMigrations(provider: Provider): Migration[] {
  const folder = join(packageFolder(), "prisma", provider, "migrations");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name, "migration.sql"), "utf8") }));
}

function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** The statements of a migration; inside a trigger, a semicolon doesn't end one. */
export function statements(sql: string): string[] {
  const found: string[] = [];
  let current: string[] = [];
  let inside = false;
  for (const line of sql.split("\n")) {
    const code = line.replace(/--.*$/, "").trimEnd();
    if (code.trim() === "" && current.length === 0) continue;
    current.push(code);
    if (/^BEGIN$/i.test(code.trim())) inside = true;
    if (/^END;$/i.test(code.trim())) inside = false;
    if (!inside && code.endsWith(";")) {
      found.push(current.join("\n").trim().replace(/;$/, ""));
      current = [];
    }
  }
  return found;
}
