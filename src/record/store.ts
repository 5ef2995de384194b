import { hash } from "node:crypto";
import type { EventOf, PersonRequest, RequestKind } from "../loop/event.ts";
import type { Database } from "./database.ts";
import { eventOf, type Head, type JournalEntry } from "./journal-entry.ts";
import { statementsOf } from "./statements.ts";

/** A campaign as the database knows it. */
export interface CampaignRow {
  /** Unique in the database. */
  readonly key: string;
  /** Derived from the files and the seed: two runs of one seed share it. */
  readonly id: string;
  /** Which run of this id in this database, from 1. */
  readonly run: number;
  readonly name: string;
  /** Path of the campaign file, for modules and drivers that it names. */
  readonly source: string;
  readonly state: string;
  readonly simulated: boolean;
  readonly createdAt: string;
  readonly epoch: number;
  readonly headSeq: number;
  readonly headHash: string;
  readonly owner: string | null;
  readonly leaseUntil: number;
}

/** A request that a person made of a running campaign. */
export interface RequestRow {
  readonly id: number;
  readonly request: PersonRequest;
}

/** A state that was kept to shorten recovery. */
export interface SnapshotRow {
  readonly seq: number;
  readonly state: string;
}

/** What a person said is there of a lab's stock or waste, from that time on. */
export interface RefillRow {
  readonly item: string;
  /** With its unit, such as "500 mL". */
  readonly amount: string;
  readonly by: string;
  readonly time: string;
}

/** How an action ended, and when. */
export interface EndedAction {
  readonly time: string;
  readonly event: EventOf<"action.finished"> | EventOf<"action.failed">;
}

/** Everything that is read and written besides appending to a journal. */
export interface Store {
  /** Creates the next run of a campaign id. */
  create(campaign: {
    id: string;
    name: string;
    source: string;
    simulated: boolean;
    createdAt: string;
  }): Promise<CampaignRow>;
  campaigns(): Promise<CampaignRow[]>;
  /** The run with this key, or the latest run with this id or beginning of an id; all of them when it is ambiguous. */
  find(id: string): Promise<CampaignRow[]>;
  /**
   * Takes a campaign over: from then on appends under an older epoch are refused.
   *
   * @returns the new epoch, or undefined when somebody else has claimed it since `epoch` was read
   */
  claim(key: string, epoch: number, owner: string, leaseUntil: number): Promise<number | undefined>;
  renew(key: string, epoch: number, leaseUntil: number): Promise<void>;
  release(key: string, epoch: number): Promise<void>;
  entries(key: string, afterSeq?: number): AsyncGenerator<JournalEntry>;
  outbox(key: string): Promise<{ id: string; body: string }[]>;
  keepSnapshot(key: string, head: Head, state: string): Promise<void>;
  latestSnapshot(key: string): Promise<SnapshotRow | undefined>;
  /** Keeps a block and gives its SHA-256. */
  keepBlock(media: string, body: Uint8Array): Promise<string>;
  block(hash: string): Promise<Uint8Array | undefined>;
  request(key: string, request: PersonRequest, time: string): Promise<number>;
  openRequests(key: string): Promise<RequestRow[]>;
  answerRequest(id: number, answer: string): Promise<void>;
  /** What a request was answered by; undefined while nobody has. */
  answerTo(id: number): Promise<string | undefined>;
  /** Who acknowledged trips of a campaign through another process, and when. */
  acknowledgements(key: string): Promise<{ by: string; time: string }[]>;
  /** Keeps what a person asked about a campaign that is over, which nobody takes into its journal any more. */
  keepAfterwards(key: string, request: PersonRequest, time: string): Promise<void>;
  /** What people asked about a campaign when it was over, in order. */
  afterwards(key: string): Promise<{ readonly time: string; readonly request: PersonRequest }[]>;
  /** Keeps what a watchdog did, among the requests: only the campaign's process appends to its journal, and it is gone. */
  keepFiring(key: string, firing: EventOf<"watchdog.fired">): Promise<void>;
  /** What watchdogs did, in order; the journal has it too as soon as the campaign is resumed. */
  firings(key: string): Promise<EventOf<"watchdog.fired">[]>;
  /** Keys of concluded campaigns on real instruments whose latest trip or halt nobody has acknowledged. */
  latched(): Promise<string[]>;
  /** Keeps that a stock was refilled or a waste container emptied. */
  keepRefill(lab: string, refill: RefillRow): Promise<void>;
  /** What was refilled or emptied in a lab, oldest first. */
  refills(lab: string): Promise<RefillRow[]>;
  /** Actions of a campaign that ended after a time. */
  actionsAfter(key: string, time: string): Promise<EndedAction[]>;
}

/** Entries read at a time. */
const PAGE = 2000;

/** The store of an open database. */
export function openStore(database: Database): Store {
  const { read, change } = statementsOf(database);
  const keepRequest = async (
    key: string,
    { request, by, ...detail }: PersonRequest,
    time: string,
    answer: string | null,
  ): Promise<number> => {
    const [made] = await read<{ id: number | bigint }>(
      `INSERT INTO "Request" ("campaign", "kind", "by", "time", "detail", "answer") VALUES (?, ?, ?, ?, ?, ?) RETURNING "id"`,
      key,
      request,
      by,
      time,
      JSON.stringify(detail),
      answer,
    );
    return Number(made?.id);
  };
  return {
    create: async ({ id, name, source, simulated, createdAt }) => {
      await change(
        `INSERT INTO "Campaign" ("key", "id", "run", "name", "source", "state", "simulated", "createdAt")
         SELECT CASE WHEN count(*) = 0 THEN CAST(? AS TEXT) ELSE CAST(? AS TEXT) || '~' || (max("run") + 1) END, CAST(? AS TEXT), coalesce(max("run"), 0) + 1, CAST(? AS TEXT), CAST(? AS TEXT), 'running', ?, CAST(? AS TEXT)
           FROM "Campaign" WHERE "id" = ?`,
        id,
        id,
        id,
        name,
        source,
        simulated,
        createdAt,
        id,
      );
      const rows = await read<CampaignRow>(
        `SELECT * FROM "Campaign" WHERE "id" = ? ORDER BY "run" DESC LIMIT 1`,
        id,
      );
      return row(rows[0] as CampaignRow);
    },
    campaigns: async () =>
      (await read<CampaignRow>(`SELECT * FROM "Campaign" ORDER BY "createdAt", "key"`)).map(row),
    find: async (id) => {
      const exact = await read<CampaignRow>(
        `SELECT * FROM "Campaign" WHERE "key" = ? OR "id" = ? ORDER BY CASE WHEN "key" = ? AND "run" > 1 THEN 0 ELSE 1 END, "run" DESC LIMIT 1`,
        id,
        id,
        id,
      );
      if (exact.length > 0) return exact.map(row);
      const begins = await read<CampaignRow>(
        `SELECT * FROM "Campaign" WHERE substr("id", 1, ?) = ? ORDER BY "createdAt" DESC, "run" DESC`,
        id.length,
        id,
      );
      const latest = new Map<string, CampaignRow>();
      for (const each of begins) if (!latest.has(each.id)) latest.set(each.id, row(each));
      return [...latest.values()];
    },
    claim: async (key, epoch, owner, leaseUntil) => {
      const changed = await change(
        `UPDATE "Campaign" SET "epoch" = "epoch" + 1, "owner" = ?, "leaseUntil" = ? WHERE "key" = ? AND "epoch" = ?`,
        owner,
        leaseUntil,
        key,
        epoch,
      );
      return changed === 1 ? epoch + 1 : undefined;
    },
    renew: async (key, epoch, leaseUntil) => {
      await change(
        `UPDATE "Campaign" SET "leaseUntil" = ? WHERE "key" = ? AND "epoch" = ?`,
        leaseUntil,
        key,
        epoch,
      );
    },
    release: async (key, epoch) => {
      await change(
        `UPDATE "Campaign" SET "owner" = NULL, "leaseUntil" = 0 WHERE "key" = ? AND "epoch" = ?`,
        key,
        epoch,
      );
    },
    entries: async function* (key, afterSeq = 0) {
      for (let last = afterSeq; ; ) {
        const page = await read<JournalEntry>(
          `SELECT "seq", "time", "kind", "data", "commands", "hash" FROM "Event" WHERE "campaign" = ? AND "seq" > ? ORDER BY "seq" LIMIT ${PAGE}`,
          key,
          last,
        );
        yield* page;
        if (page.length < PAGE) return;
        last = page.at(-1)?.seq ?? last;
      }
    },
    outbox: (key) => read(`SELECT "id", "body" FROM "Outbox" WHERE "campaign" = ? ORDER BY "seq", "id"`, key),
    keepSnapshot: async (key, head, state) => {
      await change(
        `INSERT INTO "Snapshot" ("campaign", "seq", "state") VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
        key,
        head.seq,
        state,
      );
      await change(`DELETE FROM "Snapshot" WHERE "campaign" = ? AND "seq" < ?`, key, head.seq);
    },
    latestSnapshot: async (key) => {
      const [latest] = await read<SnapshotRow>(
        `SELECT "seq", "state" FROM "Snapshot" WHERE "campaign" = ? ORDER BY "seq" DESC LIMIT 1`,
        key,
      );
      return latest === undefined ? undefined : { seq: latest.seq, state: latest.state };
    },
    keepBlock: async (media, body) => {
      const digest = hash("sha256", body, "hex");
      await change(
        `INSERT INTO "Block" ("hash", "media", "body") VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
        digest,
        media,
        body,
      );
      return digest;
    },
    block: async (digest) =>
      (await read<{ body: Uint8Array }>(`SELECT "body" FROM "Block" WHERE "hash" = ?`, digest))[0]?.body,
    request: (key, request, time) => keepRequest(key, request, time, null),
    openRequests: async (key) =>
      (
        await read<WrittenRequest & { id: number | bigint }>(
          `SELECT "id", "kind", "by", "detail" FROM "Request" WHERE "campaign" = ? AND "answer" IS NULL ORDER BY "id"`,
          key,
        )
      ).map((each) => ({ id: Number(each.id), request: personRequest(each) })),
    answerRequest: async (id, answer) => {
      await change(`UPDATE "Request" SET "answer" = ? WHERE "id" = ?`, answer, id);
    },
    answerTo: async (id) =>
      (await read<{ answer: string | null }>(`SELECT "answer" FROM "Request" WHERE "id" = ?`, id))[0]
        ?.answer ?? undefined,
    acknowledgements: (key) =>
      read(
        `SELECT "by", "time" FROM "Request" WHERE "campaign" = ? AND "kind" = 'acknowledge' ORDER BY "id"`,
        key,
      ),
    keepAfterwards: async (key, request, time) => {
      await keepRequest(key, request, time, AFTERWARDS);
    },
    afterwards: async (key) =>
      (
        await read<WrittenRequest & { time: string }>(
          `SELECT "kind", "by", "time", "detail" FROM "Request" WHERE "campaign" = ? AND "answer" = '${AFTERWARDS}' ORDER BY "id"`,
          key,
        )
      ).map((each) => ({ time: each.time, request: personRequest(each) })),
    keepFiring: async (key, firing) => {
      await change(
        `INSERT INTO "Request" ("campaign", "kind", "by", "time", "answer") VALUES (?, 'watchdog', 'watchdog', ?, ?)`,
        key,
        new Date(firing.at).toISOString(),
        JSON.stringify(firing),
      );
    },
    firings: async (key) =>
      (
        await read<{ answer: string }>(
          `SELECT "answer" FROM "Request" WHERE "campaign" = ? AND "kind" = 'watchdog' ORDER BY "id"`,
          key,
        )
      ).map(({ answer }) => JSON.parse(answer) as EventOf<"watchdog.fired">),
    latched: async () =>
      (
        await read<{ key: string }>(
          `SELECT DISTINCT c."key" FROM "Campaign" c JOIN "Event" t ON t."campaign" = c."key"
            WHERE c."simulated" = ? AND c."state" = 'concluded' AND (t."kind" = 'interlock.tripped'
                OR (t."kind" = 'person.requested' AND t."data" LIKE '%"request":"halt"%'))
              AND NOT EXISTS (SELECT 1 FROM "Request" r
                WHERE r."campaign" = c."key" AND r."kind" = 'acknowledge' AND r."time" >= t."time")
              AND NOT EXISTS (SELECT 1 FROM "Event" p
                WHERE p."campaign" = c."key" AND p."kind" = 'person.requested' AND p."seq" > t."seq"
                  AND p."data" LIKE '%"request":"acknowledge"%')`,
          false,
        )
      ).map(({ key }) => key),
    keepRefill: async (lab, { item, amount, by, time }) => {
      await change(
        `INSERT INTO "Refill" ("lab", "item", "amount", "by", "time") VALUES (?, ?, ?, ?, ?)`,
        lab,
        item,
        amount,
        by,
        time,
      );
    },
    refills: (lab) =>
      read(`SELECT "item", "amount", "by", "time" FROM "Refill" WHERE "lab" = ? ORDER BY "id"`, lab),
    actionsAfter: async (key, time) =>
      (
        await read<Pick<JournalEntry, "time" | "kind" | "data">>(
          `SELECT "time", "kind", "data" FROM "Event" WHERE "campaign" = ? AND "kind" IN ('action.finished', 'action.failed') AND "time" > ? ORDER BY "seq"`,
          key,
          time,
        )
      ).map((each) => ({ time: each.time, event: eventOf(each) as EndedAction["event"] })),
  };
}

/** What a request is answered by that came when the campaign was over. */
const AFTERWARDS = "afterwards";

interface WrittenRequest {
  readonly kind: RequestKind;
  readonly by: string;
  readonly detail: string;
}

function personRequest({ kind, by, detail }: WrittenRequest): PersonRequest {
  return { request: kind, by, ...(JSON.parse(detail) as Partial<PersonRequest>) };
}

/** Integers come as bigint and booleans as 0 or 1 from raw queries of SQLite. */
function row(from: CampaignRow): CampaignRow {
  return {
    ...from,
    run: from.run,
    epoch: from.epoch,
    headSeq: from.headSeq,
    leaseUntil: from.leaseUntil,
    simulated: from.simulated,
  };
}
