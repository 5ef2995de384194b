-- What a person says is there of a lab's stock, or in one of its waste containers; uses are counted from the journals.
CREATE TABLE "Refill" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "lab" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "amount" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "time" TEXT NOT NULL
);

CREATE INDEX "Refill_lab_idx" ON "Refill"("lab");
