import type { Fault } from "../../base/fault.ts";
import { inlineCompute } from "../../lab/compute/inline-compute.ts";
import type { Progress } from "../../lab/progress.ts";
import { type Recovered, recover } from "../../lab/recover.ts";
import { writeSnapshot } from "../../lab/snapshot.ts";
import { createLoop } from "../../loop/loop.ts";
import type { JournalEntry } from "../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../record/store.ts";
import { altered, verifyChain } from "../../record/verify-chain.ts";
import { initialBelief } from "../../update/bayes/update-belief.ts";
import { readCampaign } from "./stored-campaign.ts";

/** The entries of a journal up to where something is wrong with it, and what that is. */
export interface VerifiedCampaign {
  readonly faults: readonly Fault[];
  readonly entries: readonly JournalEntry[];
  /** Where the entries lead; undefined when they were not replayed to their end. */
  readonly progress?: Progress;
}

/** Whether the hash chain of a campaign holds, and whether replay gives the commands and the state that were journaled. */
export async function verifyCampaign(store: Store, row: CampaignRow): Promise<VerifiedCampaign> {
  const { entries, fault } = await verifyChain(store, row);
  if (fault !== undefined) return { faults: [fault], entries };
  if (entries.length === 0) return { faults: [], entries };
  const { differs, progress } = await replay(store, row, entries);
  return { faults: differs === undefined ? [] : [differs], entries, ...(progress && { progress }) };
}

interface Replay {
  readonly differs?: Fault | undefined;
  readonly progress?: Progress;
}

async function replay(store: Store, row: CampaignRow, entries: readonly JournalEntry[]): Promise<Replay> {
  const stored = await readCampaign(store, row);
  if (stored.kind === "faults") return { differs: stored.faults[0] };
  const { definition } = stored.loaded.campaign;
  const loop = createLoop(definition);
  let state = loop.begin();
  for (const entry of entries) {
    const { type, ...fields } = { type: entry.kind, ...(JSON.parse(entry.data) as object) };
    const stepped = loop.step(
      state,
      { type, ...fields } as Parameters<typeof loop.step>[1],
      Date.parse(entry.time),
    );
    state = stepped.state;
    if (JSON.stringify(stepped.commands) !== entry.commands) {
      return { differs: altered(row, entry.seq, "replay gives other commands than the journal has") };
    }
  }
  const snapshot = await store.latestSnapshot(row.key);
  const seq = snapshot?.seq ?? 0;
  const fold = (some: readonly JournalEntry[], from?: Recovered): Promise<Recovered> =>
    recover(loop, inlineCompute(), initialBelief(definition.problem), some, from);
  const then = await fold(entries.slice(0, seq));
  const { progress } = await fold(entries.slice(seq), then);
  if (snapshot === undefined) return { progress };
  if (writeSnapshot(then.progress) !== snapshot.state)
    return { differs: altered(row, seq, "its snapshot differs from the replayed state"), progress };
  return progress.state.campaign.value === undefined
    ? { differs: altered(row, row.headSeq, "replay gives no state") }
    : { progress };
}
