import type { Fault } from "../base/fault.ts";
import { EMPTY_HEAD, hashEntry, type JournalEntry } from "./journal-entry.ts";
import { RecordError } from "./record-error.ts";
import type { CampaignRow, Store } from "./store.ts";

/** The entries of a journal up to where its chain breaks, and what is wrong there. */
export interface VerifiedChain {
  readonly entries: readonly JournalEntry[];
  readonly fault: Fault | undefined;
}

/** Follows the hash chain of a campaign's journal from its first entry to the head that the campaign has. */
export async function verifyChain(
  store: Pick<Store, "entries">,
  row: Pick<CampaignRow, "key" | "headSeq" | "headHash">,
): Promise<VerifiedChain> {
  const entries: JournalEntry[] = [];
  let head = EMPTY_HEAD;
  const broken = (seq: number, what: string): VerifiedChain => ({ entries, fault: altered(row, seq, what) });
  try {
    for await (const entry of store.entries(row.key)) {
      if (entry.seq !== head.seq + 1) return broken(entry.seq, "an entry is missing before it");
      if (hashEntry(head.hash, entry) !== entry.hash) return broken(entry.seq, "it was altered");
      head = { seq: entry.seq, hash: entry.hash };
      entries.push(entry);
    }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const fault = {
      ...error.fault,
      message: `campaign ${row.key}, behind entry ${head.seq}: ${error.fault.message}`,
    };
    return { entries, fault };
  }
  if (head.seq !== row.headSeq || head.hash !== row.headHash)
    return broken(row.headSeq, "the last entries are missing");
  return { entries, fault: undefined };
}

/** A journal that isn't as it was written. */
export function altered({ key }: Pick<CampaignRow, "key">, seq: number, what: string): Fault {
  return {
    code: "record.altered",
    message: `campaign ${key}, entry ${seq}: ${what}`,
    advice: "don't trust this journal; compare it with a copy that was made earlier",
  };
}
