import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../src/record/database.ts";
import { forget } from "../../src/record/forget.ts";
import { openStore } from "../../src/record/store.ts";
import { followed, jsonLines, labloopIn, testFolder } from "../support/labloop.ts";

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

  it("is asked, halted, acknowledged, listed and forgotten as in SQLite", async () => {
    const folder = testFolder();
    const inPostgresql = { LABLOOP_DB: ADDRESS as string };
    const seed = String(process.pid + 1);
    const { events } = await followed<{ event: string; campaign: string; request?: string; reason?: string }>(
      folder,
      ["run", CAMPAIGN, "--simulate", "--real-time", "--seed", seed],
      async ({ event, campaign }) => {
        if (event !== "experiment.reviewed") return;
        await labloopIn(folder, "halt", campaign, "--why", "a test's", inPostgresql);
      },
      inPostgresql,
    );
    const id = events[0]?.campaign ?? "";
    expect(events.find(({ event }) => event === "person.requested")).toMatchObject({ why: "a test's" });
    expect(events.at(-1)).toMatchObject({ reason: "halted by a person" });
    expect((await labloopIn(folder, "acknowledge", id, inPostgresql)).status).toBe(0);
    const database = await openDatabase(ADDRESS as string);
    const store = openStore(database);
    const [row] = await store.find(id);
    await forget(database, [row?.key ?? ""]);
    expect(await store.find(id)).toEqual([]);
    const left: unknown[] = [];
    for await (const entry of store.entries(row?.key ?? "")) left.push(entry);
    expect(left).toEqual([]);
    await database.close();
  }, 30_000);

  it("has its lab's stock counted and refilled", async () => {
    const database = await openDatabase(ADDRESS as string);
    const store = openStore(database);
    const lab = `bench ${process.pid}`;
    const refill = { item: "dye", amount: "500 mL", by: "ada", time: new Date().toISOString() };
    await store.keepRefill(lab, refill);
    expect(await store.refills(lab)).toEqual([refill]);
    expect(await store.actionsAfter("no such campaign", refill.time)).toEqual([]);
    await database.close();
  });
});
