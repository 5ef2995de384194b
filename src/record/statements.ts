import type { Database } from "./database.ts";
import { unlocked } from "./unlocked.ts";

/** Runs SQL whose parameters are written "?", with either provider. */
export interface Statements {
  /** @throws RecordError */
  read<T>(text: string, ...values: unknown[]): Promise<T[]>;
  /**
   * @returns how many rows it changed
   * @throws RecordError
   */
  change(text: string, ...values: unknown[]): Promise<number>;
}

/** The statements of an open database, for everything that is no append. */
export function statementsOf({
  queries,
  provider,
  where,
}: Pick<Database, "queries" | "provider" | "where">): Statements {
  // SQLite numbers its parameters "?", PostgreSQL "$1".
  const sql = (text: string): string => {
    let n = 0;
    return provider === "sqlite" ? text : text.replaceAll("?", () => `$${++n}`);
  };
  return {
    read: <T>(text: string, ...values: unknown[]) =>
      unlocked(where, () => queries.$queryRawUnsafe<T[]>(sql(text), ...values)),
    change: (text, ...values) => unlocked(where, () => queries.$executeRawUnsafe(sql(text), ...values)),
  };
}
