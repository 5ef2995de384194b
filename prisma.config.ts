import { defineConfig } from "prisma/config";

// `prisma generate` asks for an engine that it never runs; any executable satisfies it where none can be fetched.
if (process.argv.includes("generate")) process.env["PRISMA_SCHEMA_ENGINE_BINARY"] ??= process.execPath;

const provider = process.env["LABLOOP_DB"] === "postgresql" ? "postgresql" : "sqlite";

export default defineConfig({
  schema: `prisma/${provider}`,
  migrations: { path: `prisma/${provider}/migrations` },
  datasource: {
    url:
      process.env["DATABASE_URL"] ??
      (provider === "sqlite" ? "file:labloop.db" : "postgresql://localhost/labloop"),
  },
});
