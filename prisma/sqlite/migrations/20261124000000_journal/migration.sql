CREATE TABLE "Campaign" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "run" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "simulated" BOOLEAN NOT NULL,
    "createdAt" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "headSeq" INTEGER NOT NULL DEFAULT 0,
    "headHash" TEXT NOT NULL DEFAULT '',
    "owner" TEXT,
    "leaseUntil" REAL NOT NULL DEFAULT 0
);

CREATE INDEX "Campaign_id_idx" ON "Campaign"("id");

CREATE TABLE "Event" (
    "campaign" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "time" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "commands" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    PRIMARY KEY ("campaign", "seq")
);

CREATE TABLE "Outbox" (
    "campaign" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("campaign", "id")
);

CREATE TABLE "Snapshot" (
    "campaign" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "state" TEXT NOT NULL,

    PRIMARY KEY ("campaign", "seq")
);

CREATE TABLE "Block" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "media" TEXT NOT NULL,
    "body" BLOB NOT NULL
);

CREATE TABLE "Request" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "campaign" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "time" TEXT NOT NULL,
    "answer" TEXT
);

CREATE INDEX "Request_campaign_idx" ON "Request"("campaign");

-- The one door to the journal: a row carries the events of one campaign, and is refused as a whole when another
-- process has taken the campaign over (epoch) or has written in between (headSeq).
CREATE VIEW "JournalAppend" AS
SELECT '' AS "campaign", 0 AS "epoch", 0 AS "afterSeq", 0 AS "headSeq", '' AS "headHash", '' AS "state",
       '' AS "events", '' AS "outbox", '' AS "settled"
WHERE 0;

CREATE TRIGGER "JournalAppend_insert" INSTEAD OF INSERT ON "JournalAppend"
BEGIN
    UPDATE "Campaign"
       SET "headSeq" = NEW."headSeq", "headHash" = NEW."headHash", "state" = coalesce(NEW."state", "state")
     WHERE "key" = NEW."campaign" AND "epoch" = NEW."epoch" AND "headSeq" = NEW."afterSeq";
    SELECT RAISE(ABORT, 'FENCED') WHERE changes() = 0;
    INSERT INTO "Event" ("campaign", "seq", "time", "kind", "data", "commands", "hash")
    SELECT NEW."campaign", value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
      FROM json_each(NEW."events");
    INSERT INTO "Outbox" ("campaign", "id", "seq", "body")
    SELECT NEW."campaign", value ->> 0, value ->> 1, value ->> 2 FROM json_each(NEW."outbox");
    DELETE FROM "Outbox"
     WHERE "campaign" = NEW."campaign" AND "id" IN (SELECT value FROM json_each(NEW."settled"));
END;
