import { RecordError } from "./record-error.ts";
import type { SqlClient } from "./sql-client.ts";

/**
 * Leaves a SQLite file as it is in which another program made its tables.
 *
 * @throws RecordError when it is one
 */
export async function refuseAlien(client: SqlClient, where: string): Promise<void> {
  const tables = await client.$queryRawUnsafe<{ name: string }[]>(
    `SELECT "name" FROM "sqlite_master" WHERE "type" = 'table' AND "name" NOT LIKE 'sqlite_%'`,
  );
  if (tables.length === 0 || tables.some(({ name }) => name === "_prisma_migrations")) return;
  throw new RecordError({
    code: "record.not-a-database",
    message: `${where}: this database belongs to another program (it has the table "${tables[0]?.name}")`,
    advice: "choose another file with --db",
  });
}
