import { expect, it } from "vitest";
import { unlocked } from "./unlocked.ts";

const locked = (): Error => new Error("SQLITE_BUSY: database is locked");

it("a statement is tried again while the database is locked, and other work goes on meanwhile", async () => {
  let tries = 0;
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 5);
  const value = await unlocked("labloop.db", async () => {
    tries += 1;
    if (tries < 5) throw locked();
    return "done";
  });
  clearInterval(ticking);
  expect([value, tries]).toEqual(["done", 5]);
  expect(turns).toBeGreaterThan(3);
});

it("a database that stays locked, and every other trouble, is told", async () => {
  await expect(unlocked("labloop.db", () => Promise.reject(locked()))).rejects.toMatchObject({
    fault: { code: "record.locked" },
  });
  await expect(
    unlocked("labloop.db", () => Promise.reject(new Error("SQLITE_FULL: disk is full"))),
  ).rejects.toMatchObject({ fault: { code: "record.disk-full" } });
});
