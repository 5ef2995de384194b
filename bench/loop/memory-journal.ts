import type { CampaignJournal } from "../../src/record/journal.ts";
import { EMPTY_HEAD, type Head, link } from "../../src/record/journal-entry.ts";

const DURABLE = Promise.resolve();

/** A journal that links its entries and keeps none. */
export function memoryJournal(): CampaignJournal {
  let head: Head = EMPTY_HEAD;
  return {
    key: "in memory",
    head: () => head,
    append: (now, event, commands) => {
      const entry = link(head, now, event, commands);
      head = { seq: entry.seq, hash: entry.hash };
      return { entry, committed: DURABLE };
    },
  };
}
