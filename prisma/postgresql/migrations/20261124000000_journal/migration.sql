CREATE TABLE "Campaign" (
    "key" TEXT NOT NULL,
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
    "leaseUntil" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "Campaign_pkey" PRIMARY KEY ("key")
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

    CONSTRAINT "Event_pkey" PRIMARY KEY ("campaign", "seq")
);

CREATE TABLE "Outbox" (
    "campaign" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "Outbox_pkey" PRIMARY KEY ("campaign", "id")
);

CREATE TABLE "Snapshot" (
    "campaign" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "state" TEXT NOT NULL,

    CONSTRAINT "Snapshot_pkey" PRIMARY KEY ("campaign", "seq")
);

CREATE TABLE "Block" (
    "hash" TEXT NOT NULL,
    "media" TEXT NOT NULL,
    "body" BYTEA NOT NULL,

    CONSTRAINT "Block_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "Request" (
    "id" SERIAL NOT NULL,
    "campaign" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "time" TEXT NOT NULL,
    "answer" TEXT,

    CONSTRAINT "Request_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "Request_campaign_idx" ON "Request"("campaign");
