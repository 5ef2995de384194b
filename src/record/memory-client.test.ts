import { expect, it } from "vitest";
import { openMemoryDatabase } from "./database.ts";
import { openStore } from "./store.ts";

const CAMPAIGN = { id: "c-1", name: "c", source: "c.yaml", createdAt: "2026-01-01T00:00:00.000Z" };

it("a database in memory gives back what it was given, truth values and bytes too", async () => {
  const database = await openMemoryDatabase();
  const store = openStore(database);
  await store.create({ ...CAMPAIGN, simulated: true });
  await store.create({ ...CAMPAIGN, id: "c-2", simulated: false });
  const rows = await store.campaigns();
  expect(Object.fromEntries(rows.map(({ id, simulated }) => [id, simulated]))).toEqual({
    "c-1": true,
    "c-2": false,
  });
  const hash = await store.keepBlock("text/plain", Buffer.from("µL"));
  expect(Buffer.from((await store.block(hash)) ?? []).toString()).toBe("µL");
  await database.close();
});

it("two databases in memory have nothing in common, and one is gone when it is closed", async () => {
  const [first, second] = [await openMemoryDatabase(), await openMemoryDatabase()];
  await openStore(first).create({ ...CAMPAIGN, simulated: true });
  expect(await openStore(second).campaigns()).toEqual([]);
  await first.close();
  await expect(openStore(first).campaigns()).rejects.toThrow(/not open/);
  await second.close();
});
