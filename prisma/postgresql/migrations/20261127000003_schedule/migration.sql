-- Campaigns that are to be run at a time, by whichever process serves the schedule.
CREATE TABLE "Schedule" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "file" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "due" DOUBLE PRECISION NOT NULL,
    "every" TEXT,
    "missed" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "campaign" TEXT,
    "note" TEXT NOT NULL DEFAULT '',
    "by" TEXT NOT NULL
);

CREATE INDEX "Schedule_state_due_idx" ON "Schedule"("state", "due");
