/** The databases that labloop can write to. */
export type Provider = "sqlite" | "postgresql";

type Pending<T> = Promise<T> & { readonly [Symbol.toStringTag]: string };

/** The part of a Prisma client that runs SQL. */
export interface SqlClient {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Pending<number>;
  $queryRawUnsafe<T = unknown>(sql: string, ...values: unknown[]): Pending<T>;
  $transaction(statements: readonly Pending<unknown>[]): Promise<unknown[]>;
  $disconnect(): Promise<void>;
}
