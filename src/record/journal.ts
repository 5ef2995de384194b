import type { Fault } from "../base/fault.ts";
import type { Command } from "../loop/command.ts";
import type { LoopEvent } from "../loop/event.ts";
import type { Database } from "./database.ts";
import { type Head, type JournalEntry, link } from "./journal-entry.ts";
import { databaseFault, RecordError } from "./record-error.ts";
import type { Provider } from "./sql-client.ts";
import { unlocked } from "./unlocked.ts";

/** An entry that is on its way to the disk. */
export interface Appended {
  readonly entry: JournalEntry;
  /** Settles when the entry is durable; rejects with a RecordError when it is refused or can't be written. */
  readonly committed: Promise<void>;
}

/** The journal of one campaign, for the one process that may write to it. */
export interface CampaignJournal {
  /** The campaign's key in the database. */
  readonly key: string;
  head(): Head;
  /**
   * Appends an event with the commands that followed from it, in one transaction.
   *
   * @param now - milliseconds since 1970 on the campaign's clock
   * @param state - the campaign's state in words, where it has changed
   */
  append(now: number, event: LoopEvent, commands: readonly Command[], state?: string): Appended;
}

/** Writes journals; a database has one writer in a process. */
export interface JournalWriter {
  /** The journal of a campaign behind its head, under the epoch that was claimed. */
  campaign(key: string, epoch: number, head: Head): CampaignJournal;
  /** Waits until everything appended so far is durable. */
  flushed(): Promise<void>;
}

interface Pending {
  readonly key: string;
  readonly epoch: number;
  readonly entry: JournalEntry;
  readonly outbox: readonly Command[];
  readonly settled: string | undefined;
  readonly state: string | undefined;
  readonly resolve: () => void;
  readonly reject: (error: RecordError) => void;
}

/** Entries that one statement carries at most; beyond it the text to parse costs more than the commits saved. */
const LARGEST_GROUP = 512;

/** Milliseconds; a write that takes longer than a disk's own retries (some 7 s) may never end. */
const PATIENCE = 10_000;

/**
 * Opens the writer of a database. What arrives while a statement is under way shares the next one.
 *
 * @param patience - milliseconds until a write that doesn't end counts as failed
 */
export function openJournal(database: Database, patience: number = PATIENCE): JournalWriter {
  const waiting: Pending[] = [];
  let running: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      // What is appended in the same turn of the event loop, by whichever campaign, goes into one statement.
      await turn();
      await write(database, waiting.splice(0, LARGEST_GROUP), patience);
    }
    running = undefined;
  };

  return {
    campaign: (key, epoch, from) => {
      let head = from;
      return {
        key,
        head: () => head,
        append: (now, event, commands, state) => {
          const entry = link(head, now, event, commands);
          head = { seq: entry.seq, hash: entry.hash };
          const settled = "command" in event ? event.command : undefined;
          const committed = new Promise<void>((resolve, reject) => {
            waiting.push({ key, epoch, entry, outbox: commands, settled, state, resolve, reject });
          });
          running ??= flush();
          return { entry, committed };
        },
      };
    },
    flushed: async () => {
      while (running !== undefined) await running;
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function write(database: Database, group: readonly Pending[], patience: number): Promise<void> {
  try {
    await inTime(
      unlocked(database.where, () => send(database, group)),
      database.where,
      patience,
    );
    for (const { resolve } of group) resolve();
  } catch (error) {
    const fault = error instanceof RecordError ? error.fault : databaseFault(error, database.where);
    const campaigns = new Set(group.map(({ key }) => key));
    if (fault.code === "record.fenced" && campaigns.size > 1) {
      // One campaign was taken over; the others of the group have nothing to do with it.
      for (const key of campaigns) {
        await write(
          database,
          group.filter((each) => each.key === key),
          patience,
        );
      }
      return;
    }
    for (const { reject } of group) reject(new RecordError(fault, error));
  }
}

/** A write that was given up may have been done all the same: whoever goes on reads the journal first. */
function inTime(written: Promise<void>, where: string, patience: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      const fault: Fault = {
        code: "record.too-slow",
        message: `${where}: the database didn't finish a write within ${patience / 1000} s`,
        advice: "look at the disk, the network and the database server, then go on with `labloop resume`",
      };
      reject(new RecordError(fault));
    }, patience);
    written.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

type Row = (string | number | null)[];

async function send(database: Database, group: readonly Pending[]): Promise<void> {
  const rows = new Map<string, Pending[]>();
  for (const pending of group) {
    const row = rows.get(pending.key);
    if (row === undefined) rows.set(pending.key, [pending]);
    else row.push(pending);
  }
  const body = JSON.stringify([...rows].map(([key, entries]) => appendRow(key, entries)));
  const changed = await database.journal.$executeRawUnsafe(APPEND[database.provider], body);
  if (database.provider === "postgresql" && changed < group.length) throw new Error("FENCED");
}

/** The values of "JournalAppend" for the entries of one campaign. */
function appendRow(key: string, entries: readonly Pending[]): unknown[] {
  const [first] = entries as [Pending];
  const last = entries.at(-1) as Pending;
  const settledHere = new Set(entries.map(({ settled }) => settled));
  const events: Row[] = [];
  const outbox: Row[] = [];
  let state: string | null = null;
  for (const { entry, outbox: commands, state: changed } of entries) {
    events.push([entry.seq, entry.time, entry.kind, entry.data, entry.commands, entry.hash]);
    state = changed ?? state;
    for (const command of commands) {
      if (!settledHere.has(command.id)) outbox.push([command.id, entry.seq, JSON.stringify(command)]);
    }
  }
  const settled = entries.flatMap((each) => (each.settled === undefined ? [] : [each.settled]));
  const { seq, hash } = last.entry;
  return [key, first.epoch, first.entry.seq - 1, seq, hash, state, events, outbox, settled];
}

const APPEND: Readonly<Record<Provider, string>> = {
  sqlite: `INSERT INTO "JournalAppend" ("campaign", "epoch", "afterSeq", "headSeq", "headHash", "state", "events", "outbox", "settled")
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value -> 6, value -> 7, value -> 8
    FROM json_each(?)`,
  postgresql: `WITH "asked" AS (
      SELECT v ->> 0 AS "campaign", (v ->> 1)::int AS "epoch", (v ->> 2)::int AS "afterSeq", (v ->> 3)::int AS "headSeq",
             v ->> 4 AS "headHash", v ->> 5 AS "state", v -> 6 AS "events", v -> 7 AS "outbox", v -> 8 AS "settled"
        FROM json_array_elements($1::json) AS v
    ), "guard" AS (
      UPDATE "Campaign" AS c
         SET "headSeq" = a."headSeq", "headHash" = a."headHash", "state" = coalesce(a."state", c."state")
        FROM "asked" AS a
       WHERE c."key" = a."campaign" AND c."epoch" = a."epoch" AND c."headSeq" = a."afterSeq"
         AND NOT EXISTS (
           SELECT 1 FROM "asked" AS b
            WHERE NOT EXISTS (
              SELECT 1 FROM "Campaign" AS d
               WHERE d."key" = b."campaign" AND d."epoch" = b."epoch" AND d."headSeq" = b."afterSeq"))
      RETURNING a."campaign", a."events", a."outbox", a."settled"
    ), "boxed" AS (
      INSERT INTO "Outbox" ("campaign", "id", "seq", "body")
      SELECT g."campaign", o ->> 0, (o ->> 1)::int, o ->> 2 FROM "guard" AS g, json_array_elements(g."outbox") AS o
    ), "emptied" AS (
      DELETE FROM "Outbox" AS o USING "guard" AS g
       WHERE o."campaign" = g."campaign" AND o."id" IN (SELECT json_array_elements_text(g."settled"))
    )
    INSERT INTO "Event" ("campaign", "seq", "time", "kind", "data", "commands", "hash")
    SELECT g."campaign", (e ->> 0)::int, e ->> 1, e ->> 2, e ->> 3, e ->> 4, e ->> 5
      FROM "guard" AS g, json_array_elements(g."events") AS e`,
};
