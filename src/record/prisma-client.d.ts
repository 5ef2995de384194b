import type { SqlClient } from "./sql-client.ts";

/** What labloop uses of the generated clients: SQL, sent through an adapter. */
export declare const PrismaClient: new (options: { readonly adapter: unknown }) => SqlClient;
