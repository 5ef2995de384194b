import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "./database.ts";
import { openJournal } from "./journal.ts";
import { EMPTY_HEAD, hashEntry, type JournalEntry } from "./journal-entry.ts";
import { openStore } from "./store.ts";
import { tornTail } from "./torn-tail.ts";
import { verifyChain } from "./verify-chain.ts";

const ENTRIES = 12;

/** What these tests use of SQLite's driver, which comes without types. */
type Driver = new (
  file: string,
) => { prepare(sql: string): { all(): unknown[]; get(): unknown }; close(): void };
const Sqlite = createRequire(import.meta.url)("better-sqlite3") as Driver;

describe("a journal whose write-ahead log is torn", () => {
  let folder = "";
  let base = "";
  let log: Buffer = Buffer.alloc(0);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "labloop-torn-"));
    const file = join(folder, "whole.db");
    const database = await openDatabase(file);
    const store = openStore(database);
    const createdAt = new Date(0).toISOString();
    const { key } = await store.create({ id: "c", name: "c", source: "c", simulated: true, createdAt });
    const epoch = (await store.claim(key, 0, "{}", 0)) ?? 0;
    // From here on the log holds appends alone.
    await database.journal.$queryRawUnsafe("PRAGMA wal_checkpoint(TRUNCATE)");
    const journal = openJournal(database).campaign(key, epoch, EMPTY_HEAD);
    for (let i = 1; i <= ENTRIES; i++) {
      const event = { type: "timer.elapsed", command: `${i}`, experiment: i } as const;
      await journal.append(i, event, []).committed;
    }
    base = join(folder, "base.db");
    copyFileSync(file, base);
    log = readFileSync(`${file}-wal`);
    await database.close();
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** The database as a process would leave it whose log got no further than some bytes. */
  function torn(bytes: number): string {
    const file = join(folder, "torn.db");
    for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
    copyFileSync(base, file);
    writeFileSync(`${file}-wal`, log.subarray(0, bytes));
    return file;
  }

  /** Entries of the chain, which has to hold and to end at the campaign's head. */
  function chain(file: string): number {
    const database = new Sqlite(file);
    try {
      let hash = "";
      const entries = database.prepare(`SELECT * FROM "Event" ORDER BY "seq"`).all() as JournalEntry[];
      for (const [i, entry] of entries.entries()) {
        expect([entry.seq, entry.hash]).toEqual([i + 1, hashEntry(hash, entry)]);
        hash = entry.hash;
      }
      const row = database.prepare(`SELECT "headSeq", "headHash" FROM "Campaign"`).get();
      expect(row).toEqual({ headSeq: entries.length, headHash: hash });
      return entries.length;
    } finally {
      database.close();
    }
  }

  it("at any 100th byte is whole up to an entry, and no entry less than the bytes hold", () => {
    const lengths: number[] = [];
    for (let bytes = 0; bytes <= log.length; bytes += 100) lengths.push(chain(torn(bytes)));
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(new Set(lengths)).toEqual(new Set(Array.from({ length: ENTRIES }, (_, i) => i)));
    expect(chain(torn(log.length))).toBe(ENTRIES);
  });

  it("is opened as labloop opens it, and goes on", async () => {
    const file = torn(Math.round(log.length / 2));
    expect(tornTail(file)).toBeGreaterThan(0);
    const database = await openDatabase(file);
    const [row] = await openStore(database).campaigns();
    if (row === undefined) throw new Error("the campaign is gone");
    expect(row.headSeq).toBeGreaterThan(0);
    const journal = openJournal(database).campaign(row.key, row.epoch, {
      seq: row.headSeq,
      hash: row.headHash,
    });
    await journal.append(99, { type: "timer.elapsed", command: "x", experiment: 1 }, []).committed;
    const [after] = await openStore(database).campaigns();
    expect(await verifyChain(openStore(database), after ?? row)).toMatchObject({ fault: undefined });
    expect(after?.headSeq).toBe(row.headSeq + 1);
    await database.close();
    expect(tornTail(file)).toBe(0);
  });

  it("is known by what follows the last whole write, to the byte", () => {
    const page = 4096;
    const frame = 24 + page;
    expect((log.length - 32) % frame).toBe(0);
    const ends: number[] = [32];
    for (let at = 32; at < log.length; at += frame) if (log.readUInt32BE(at + 4) > 0) ends.push(at + frame);
    for (let bytes = 32; bytes <= log.length; bytes += 1000) {
      const whole = ends.findLast((end) => end <= bytes) ?? 0;
      expect([bytes, tornTail(torn(bytes))]).toEqual([bytes, bytes - whole]);
    }
    expect(tornTail(base)).toBe(0);
    expect(statSync(base).size % page).toBe(0);
  });
});

describe("a byte that was changed in a database file", () => {
  it("is found, and told by campaign and entry, wherever it is in an entry", async () => {
    const folder = await mkdtemp(join(tmpdir(), "labloop-flipped-"));
    const file = join(folder, "a.db");
    const database = await openDatabase(file);
    const store = openStore(database);
    for (const id of ["first", "second"]) {
      const { key } = await store.create({ id, name: id, source: id, simulated: true, createdAt: "" });
      const journal = openJournal(database).campaign(
        key,
        (await store.claim(key, 0, "{}", 0)) ?? 0,
        EMPTY_HEAD,
      );
      for (let i = 1; i <= 5; i++) {
        const event = { type: "timer.elapsed", command: `${id}-${i}`, experiment: i } as const;
        await journal.append(i * 1000, event, []).committed;
      }
    }
    const row = (await store.campaigns())[1];
    if (row === undefined) throw new Error("the campaign is gone");
    const { entries } = await verifyChain(store, row);
    await database.close();
    const whole = readFileSync(file);
    for (const entry of entries) {
      for (const part of [entry.time, entry.kind, entry.data, entry.hash] as const) {
        const begin = whole.indexOf(entry.data) - entry.kind.length - entry.time.length;
        const at = whole.indexOf(part, begin);
        const bytes = Buffer.from(whole);
        // Another letter or digit: what is read is text all the same.
        const middle = at + Math.floor(part.length / 2);
        bytes[middle] = (bytes[middle] as number) ^ 1;
        writeFileSync(file, bytes);
        const altered = await openDatabase(file);
        const rows = await openStore(altered).campaigns();
        const faults = await Promise.all(
          rows.map(async (each) => (await verifyChain(openStore(altered), each)).fault?.message),
        );
        await altered.close();
        expect(faults).toEqual([undefined, `campaign second, entry ${entry.seq}: it was altered`]);
      }
    }
    rmSync(folder, { recursive: true });
  });
});
