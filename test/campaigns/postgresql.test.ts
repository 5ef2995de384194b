import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, labloopIn, testFolder } from "../support/labloop.ts";

/** Address of an empty PostgreSQL database that the test may write to. */
const ADDRESS = process.env["LABLOOP_TEST_POSTGRESQL"];
const CAMPAIGN = join(process.cwd(), "examples/colour-match/campaign.yaml");

describe.skipIf(ADDRESS === undefined)("a campaign in PostgreSQL", () => {
  it("prints what it prints in SQLite, and its journal is intact", async () => {
    const folder = testFolder();
    const inPostgresql = { LABLOOP_DB: ADDRESS as string };
    // Another seed each time: a campaign stays in the database.
    const run = ["run", CAMPAIGN, "--simulate", "--seed", String(process.pid), "--json", "--quiet"];
    const [sqlite, postgresql] = [
      await labloopIn(folder, ...run),
      await labloopIn(folder, ...run, inPostgresql),
    ];
    expect(postgresql.stderr).toBe("");
    expect(postgresql.stdout).toBe(sqlite.stdout);
    const [started] = jsonLines<{ campaign: string }>(postgresql.stdout);
    const verify = ["verify", started?.campaign ?? "", "--json", "--quiet"];
    const [verified] = jsonLines((await labloopIn(folder, ...verify, inPostgresql)).stdout);
    const [expected] = jsonLines((await labloopIn(folder, ...verify)).stdout);
    expect(verified).toMatchObject({ event: "verified", intact: true, hash: expected?.["hash"] });
  });
});
