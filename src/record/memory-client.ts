import { createRequire } from "node:module";
import type { SqlClient } from "./sql-client.ts";

/** The part of better-sqlite3 that is used. */
interface Sqlite {
  prepare(sql: string): Statement;
  close(): void;
}

interface Statement {
  /** Whether it gives rows. */
  readonly reader: boolean;
  columns(): { readonly name: string; readonly type: string | null }[];
  run(...values: unknown[]): { readonly changes: number };
  all(...values: unknown[]): Record<string, unknown>[];
}

/**
 * A client of a database in memory that keeps its statements prepared: to prepare the one that appends to the journal, with
 * its triggers, takes longer than to run it, and Prisma prepares every statement anew.
 */
export function memoryClient(): SqlClient {
  const Driver = createRequire(import.meta.url)("better-sqlite3") as new (path: string) => Sqlite;
  const database = new Driver(":memory:");
  const prepared = new Map<string, Statement>();
  const statementFor = (sql: string): Statement => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    $executeRawUnsafe: async (sql, ...values) => {
      const statement = statementFor(sql);
      if (!statement.reader) return statement.run(...values.map(written)).changes;
      statement.all(...values.map(written));
      return 0;
    },
    $queryRawUnsafe: async <T>(sql: string, ...values: unknown[]): Promise<T> => {
      const statement = statementFor(sql);
      if (!statement.reader) {
        statement.run(...values.map(written));
        return [] as T;
      }
      const truths = statement.columns().filter(({ type }) => type === "BOOLEAN");
      const rows = statement.all(...values.map(written));
      for (const row of rows) for (const { name } of truths) row[name] = row[name] === 1;
      return rows as T;
    },
    // They have begun, one after the other; of what is gone with the process nothing has to be undone.
    $transaction: (statements) => Promise.all(statements),
    $disconnect: async () => database.close(),
  };
}

/** SQLite has no truth values. */
function written(value: unknown): unknown {
  return typeof value === "boolean" ? Number(value) : value;
}
