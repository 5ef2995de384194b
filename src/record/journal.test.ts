import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, it as prop } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Command } from "../loop/command.ts";
import type { LoopEvent } from "../loop/event.ts";
import { type Database, openDatabase } from "./database.ts";
import { type Appended, type CampaignJournal, openJournal } from "./journal.ts";
import { EMPTY_HEAD, hashEntry, type JournalEntry } from "./journal-entry.ts";
import { type CampaignRow, openStore, type Store } from "./store.ts";

const NOW = Date.UTC(2030, 0, 1, 18);

let folder: string;
let database: Database;
let store: Store;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "labloop-journal-"));
  database = await openDatabase(join(folder, "labloop.db"));
  store = openStore(database);
});

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

let campaigns = 0;

/** A campaign that nobody else uses, claimed. */
async function campaign(): Promise<{ key: string; epoch: number }> {
  campaigns += 1;
  const id = `campaign-${campaigns}`;
  const row = await store.create({ id, name: id, source: "", simulated: true, createdAt: "" });
  const epoch = await store.claim(row.key, row.epoch, "me", 0);
  if (epoch === undefined) throw new Error("the campaign can't be claimed");
  return { key: row.key, epoch };
}

function timer(command: string): LoopEvent {
  return { type: "timer.elapsed", command, experiment: 1 };
}

function wait(id: string): Command {
  return { kind: "wait", id, experiment: 1, until: NOW };
}

/** Appends an event that answers nothing and asks for the commands. */
function ask(journal: CampaignJournal, ...ids: string[]): Appended {
  return journal.append(NOW, { type: "person.requested", request: "resume", by: "ada" }, ids.map(wait));
}

async function entriesOf(key: string): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.entries(key)) entries.push(entry);
  return entries;
}

async function rowOf(key: string): Promise<CampaignRow> {
  return (await store.find(key))[0] as CampaignRow;
}

/** Everything that the database says of a campaign. */
async function recordOf(key: string): Promise<unknown> {
  return { row: await rowOf(key), entries: await entriesOf(key), outbox: await store.outbox(key) };
}

const fenced = { fault: { code: "record.fenced" } };

/** The database with a count of the journal's statements; each waits for `before`. */
function observed(before: () => Promise<void> = async () => {}): { database: Database; sent: () => number } {
  let sent = 0;
  const journal: Database["journal"] = {
    $executeRawUnsafe: (sql, ...values) => {
      sent += 1;
      return before().then(() => database.journal.$executeRawUnsafe(sql, ...values));
    },
    $queryRawUnsafe: () => {
      throw new Error("the journal asks the database nothing");
    },
    $transaction: () => {
      throw new Error("the journal uses no transactions of several statements");
    },
    $disconnect: async () => {},
  };
  return { database: { ...database, journal }, sent: () => sent };
}

describe("appending", () => {
  it("puts what came in one turn into one statement, whichever campaign it is of", async () => {
    const { database: counting, sent } = observed();
    const writer = openJournal(counting);
    const [one, two] = [await campaign(), await campaign()];
    const journals = [one, two].map(({ key, epoch }) => writer.campaign(key, epoch, EMPTY_HEAD));
    const appended = journals.flatMap((journal) => [ask(journal), ask(journal), ask(journal)]);
    await Promise.all(appended.map(({ committed }) => committed));
    expect(sent()).toBe(1);
    for (const { key } of [one, two]) {
      expect((await entriesOf(key)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    }
  });

  it("lets what comes while a statement is under way share the next one", async () => {
    let begun = (): void => {};
    let release = (): void => {};
    const under = new Promise<void>((resolve) => (begun = resolve));
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { database: gated, sent } = observed(() => {
      begun();
      return gate;
    });
    const { key, epoch } = await campaign();
    const writer = openJournal(gated);
    const journal = writer.campaign(key, epoch, EMPTY_HEAD);
    ask(journal);
    await under;
    ask(journal);
    ask(journal);
    expect(await entriesOf(key)).toEqual([]);
    release();
    await writer.flushed();
    expect(sent()).toBe(2);
    expect((await entriesOf(key)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("is gapless and linked by hashes however many entries come at once", async () => {
    const { database: counting, sent } = observed();
    const { key, epoch } = await campaign();
    const writer = openJournal(counting);
    const journal = writer.campaign(key, epoch, EMPTY_HEAD);
    const appended = Array.from({ length: 1300 }, () => ask(journal).entry);
    await writer.flushed();
    expect(sent()).toBeGreaterThan(1);
    const entries = await entriesOf(key);
    expect(entries).toEqual(appended);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 1300 }, (_, i) => i + 1));
    let before = "";
    for (const entry of entries) {
      expect(entry.hash).toBe(hashEntry(before, entry));
      before = entry.hash;
    }
    expect(await rowOf(key)).toMatchObject({ headSeq: 1300, headHash: before });
    expect(journal.head()).toEqual({ seq: 1300, hash: before });
  });

  it("keeps the last state that was told", async () => {
    const { key, epoch } = await campaign();
    const writer = openJournal(database);
    const journal = writer.campaign(key, epoch, EMPTY_HEAD);
    journal.append(NOW, timer("a"), [], "pausing");
    journal.append(NOW, timer("b"), [], "paused");
    journal.append(NOW, timer("c"), []);
    await writer.flushed();
    expect((await rowOf(key)).state).toBe("paused");
  });
});

describe("a campaign that was taken over", () => {
  it("refuses appends of the former epoch and keeps nothing of them", async () => {
    const { key, epoch } = await campaign();
    const journal = openJournal(database).campaign(key, epoch, EMPTY_HEAD);
    await ask(journal, "1.1").committed;
    expect(await store.claim(key, epoch, "somebody else", 0)).toBe(epoch + 1);
    const before = await recordOf(key);
    const late = [ask(journal, "1.2", "1.3"), journal.append(NOW, timer("1.1"), [], "concluded")];
    for (const { committed } of late) await expect(committed).rejects.toMatchObject(fenced);
    await expect(ask(journal).committed).rejects.toMatchObject(fenced);
    expect(await recordOf(key)).toEqual(before);
  });

  it("goes on under the new epoch", async () => {
    const { key, epoch } = await campaign();
    const { entry, committed } = ask(openJournal(database).campaign(key, epoch, EMPTY_HEAD));
    await committed;
    const taken = await store.claim(key, epoch, "somebody else", 0);
    await ask(openJournal(database).campaign(key, taken as number, entry)).committed;
    expect((await entriesOf(key)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it("can be claimed once from one epoch", async () => {
    const { key, epoch } = await campaign();
    const claims = await Promise.all([store.claim(key, epoch, "a", 0), store.claim(key, epoch, "b", 0)]);
    expect(claims.filter((claim) => claim !== undefined)).toEqual([epoch + 1]);
  });

  it("doesn't keep the others of its group from being committed", async () => {
    const all = [await campaign(), await campaign(), await campaign()] as const;
    const writer = openJournal(database);
    const journals = all.map(({ key, epoch }) => writer.campaign(key, epoch, EMPTY_HEAD));
    await store.claim(all[1].key, all[1].epoch, "somebody else", 0);
    const committed = journals.map((journal) =>
      Promise.all([ask(journal, "1.1"), ask(journal)].map((each) => each.committed)),
    );
    const ends = await Promise.allSettled(committed);
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(ends[1]).toMatchObject({ reason: fenced });
    const kept = await Promise.all(all.map(async ({ key }) => (await entriesOf(key)).length));
    expect(kept).toEqual([2, 0, 2]);
    expect(await store.outbox(all[1].key)).toEqual([]);
  });
});

describe("an append that the database refuses", () => {
  it("behind another end of the journal keeps nothing", async () => {
    const { key, epoch } = await campaign();
    await ask(openJournal(database).campaign(key, epoch, EMPTY_HEAD)).committed;
    const before = await recordOf(key);
    const { committed } = ask(openJournal(database).campaign(key, epoch, EMPTY_HEAD), "1.1");
    await expect(committed).rejects.toMatchObject(fenced);
    expect(await recordOf(key)).toEqual(before);
  });

  it("in its middle keeps nothing", async () => {
    const { key, epoch } = await campaign();
    const journal = openJournal(database).campaign(key, epoch, EMPTY_HEAD);
    await ask(journal, "1.1").committed;
    const before = await recordOf(key);
    // A second command of one id breaks the outbox, after head and events were written.
    const group = [ask(journal, "1.2"), ask(journal, "1.3", "1.1")];
    for (const { committed } of group) await expect(committed).rejects.toMatchObject({ name: "RecordError" });
    expect(await recordOf(key)).toEqual(before);
  });
});

describe("the outbox", () => {
  /** What one step appends: how many commands, the answer to which outstanding one, and whether a group ends. */
  const step = fc.record({ asks: fc.nat(3), answers: fc.option(fc.nat(9)), commits: fc.boolean() });

  prop.prop([fc.array(step, { maxLength: 25 })], { numRuns: 30 })(
    "holds exactly the commands without a result, however they fall into groups",
    async (steps) => {
      const { key, epoch } = await campaign();
      const writer = openJournal(database);
      const journal = writer.campaign(key, epoch, EMPTY_HEAD);
      const outstanding: string[] = [];
      let next = 0;
      for (const { asks, answers, commits } of steps) {
        const [answered] = answers === null ? [] : outstanding.splice(answers % (outstanding.length || 1), 1);
        const asked = Array.from({ length: asks }, () => `1.${++next}`);
        outstanding.push(...asked);
        if (answered === undefined) ask(journal, ...asked);
        else journal.append(NOW, timer(answered), asked.map(wait));
        if (commits) await writer.flushed();
      }
      await writer.flushed();
      const box = await store.outbox(key);
      expect(box.map(({ id }) => id).sort()).toEqual(outstanding.sort());
      for (const { id, body } of box) expect(JSON.parse(body)).toEqual(wait(id));
    },
  );
});

describe("a write that doesn't end", () => {
  it("counts as failed after a while, and holds up no end of the program", async () => {
    const { key, epoch } = await campaign();
    const never = new Promise<never>(() => {});
    const hanging: Database = {
      ...database,
      journal: { ...database.journal, $executeRawUnsafe: () => never },
    };
    const writer = openJournal(hanging, 20);
    const { committed } = ask(writer.campaign(key, epoch, EMPTY_HEAD), "1.1");
    await expect(committed).rejects.toMatchObject({ fault: { code: "record.too-slow" } });
    await writer.flushed();
    expect(await entriesOf(key)).toEqual([]);
  });
});

describe("the sources of the record", () => {
  // An interactive transaction shares its connection: a write made meanwhile is acknowledged and dies with a rollback.
  it("give $transaction lists of statements only, never a function", () => {
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("generated"),
    );
    const calls = files.flatMap((name) => {
      const text = readFileSync(join(import.meta.dirname, name), "utf8");
      return [...text.matchAll(/\.\$transaction\s*(?:<[^(]*>)?\(\s*(.)/g)].map((call) => [name, call[1]]);
    });
    expect(calls).toEqual([
      ["forget.ts", "["],
      ["migrate.ts", "["],
    ]);
  });
});
