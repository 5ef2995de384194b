import type { PersonRequest } from "../../loop/event.ts";
import { type CampaignJournal, type JournalWriter, openJournal } from "../../record/journal.ts";
import { EMPTY_HEAD, type JournalEntry } from "../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../record/store.ts";
import type { Claim } from "../ownership.ts";
import type { Progress } from "../progress.ts";
import type { Recovered } from "../recover.ts";
import { type RerunJournal, rerunJournal } from "../rerun-journal.ts";
import type { StartOptions } from "../start-options.ts";

/** How a campaign goes on that was begun before. */
export type Continuation =
  | { readonly kind: "re-run"; readonly stored: readonly JournalEntry[]; readonly first?: PersonRequest }
  | { readonly kind: "go on"; readonly recovered: Recovered; readonly stored: readonly JournalEntry[] };

/** A campaign in the database, for the one process that may write to it. */
export interface ClaimedCampaign {
  readonly store: Store;
  readonly row: CampaignRow;
  readonly claim: Claim;
}

/** What a campaign writes to, and what it goes on from. */
export interface CampaignRecord extends ClaimedCampaign {
  readonly writer: JournalWriter;
  readonly journal: CampaignJournal;
  /** Undefined unless the run is repeated from its beginning. */
  readonly rerun: RerunJournal | undefined;
  /** What the journal says that nothing is told again. */
  readonly stored: readonly JournalEntry[];
  /** Undefined for a campaign that begins. */
  readonly from: Progress | undefined;
}

/** Opens the journal of a campaign behind what it holds. */
export function openRecord(
  { seat, database }: Pick<StartOptions, "seat" | "database">,
  claimed: ClaimedCampaign,
  continuation: Continuation | undefined,
): CampaignRecord {
  const writer = seat?.writer ?? openJournal(database);
  const last = continuation?.stored.at(-1);
  const head = last === undefined ? EMPTY_HEAD : { seq: last.seq, hash: last.hash };
  const behind = writer.campaign(claimed.row.key, claimed.claim.epoch, head);
  const rerun =
    continuation?.kind === "re-run"
      ? rerunJournal(continuation.stored, behind, continuation.first)
      : undefined;
  const goesOn = continuation?.kind === "go on" ? continuation : undefined;
  return {
    ...claimed,
    writer,
    journal: rerun?.journal ?? behind,
    rerun,
    // What a re-run is told again isn't known beforehand.
    stored: goesOn?.stored ?? [],
    from: goesOn?.recovered.progress,
  };
}
