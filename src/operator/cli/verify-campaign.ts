import type { Fault } from "../../base/fault.ts";
import { inlineCompute } from "../../lab/compute/inline-compute.ts";
import { recover } from "../../lab/recover.ts";
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
}

/** Whether the hash chain of a campaign holds, and whether replay gives the commands and the state that were journaled. */
export async function verifyCampaign(store: Store, row: CampaignRow): Promise<VerifiedCampaign> {
  const { entries, fault } = await verifyChain(store, row);
  if (fault !== undefined) return { faults: [fault], entries };
  const differs = entries.length === 0 ? undefined : await replayDiffers(store, row, entries);
  return { faults: differs === undefined ? [] : [differs], entries };
}

async function replayDiffers(
  store: Store,
  row: CampaignRow,
  entries: readonly JournalEntry[],
): Promise<Fault | undefined> {
  const stored = await readCampaign(store, row);
  if (stored.kind === "faults") return stored.faults[0];
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
      return altered(row, entry.seq, "replay gives other commands than the journal has");
    }
  }
  const { progress } = await recover(loop, inlineCompute(), initialBelief(definition.problem), entries);
  const snapshot = await store.latestSnapshot(row.key);
  if (snapshot === undefined) return undefined;
  const { progress: then } = await recover(
    loop,
    inlineCompute(),
    initialBelief(definition.problem),
    entries.slice(0, snapshot.seq),
  );
  if (writeSnapshot(then) !== snapshot.state)
    return altered(row, snapshot.seq, "its snapshot differs from the replayed state");
  return progress.state.campaign.value === undefined
    ? altered(row, row.headSeq, "replay gives no state")
    : undefined;
}
