import type { Belief } from "../hypothesis/belief.ts";
import type { Loop } from "../loop/loop.ts";
import { eventOf, type JournalEntry } from "../record/journal-entry.ts";
import type { CampaignRow, Store } from "../record/store.ts";
import type { Compute } from "./compute/compute.ts";
import type { Progress } from "./progress.ts";
import { type Recovered, recover } from "./recover.ts";
import { readSnapshot, writeSnapshot } from "./snapshot.ts";

/** Entries between two snapshots grow with the journal, so that all snapshots together cost no more than the journal. */
const FIRST_SNAPSHOT = 500;

/** Keeps snapshots of a campaign's progress now and then. */
export interface SnapshotKeeper {
  /** Offers the progress behind the entry that is appended next. */
  offer(progress: Progress, seq: number): void;
  /** Keeps what was offered for an entry, since the entry is durable. */
  durable(entry: JournalEntry): void;
}

/** The keeper of one campaign's snapshots. */
export function snapshotKeeper(store: Store, key: string): SnapshotKeeper {
  let next = FIRST_SNAPSHOT;
  let offered: { progress: Progress; seq: number } | undefined;
  return {
    offer: (progress, seq) => {
      if (seq < next) return;
      next = Math.ceil(seq * 1.5) + FIRST_SNAPSHOT;
      offered = { progress, seq };
    },
    durable: ({ seq, hash }) => {
      if (offered?.seq !== seq) return;
      const state = writeSnapshot(offered.progress);
      offered = undefined;
      // A snapshot that can't be kept costs time at the next recovery, nothing else.
      store.keepSnapshot(key, { seq, hash }, state).catch(() => {});
    },
  };
}

/** The fold over a journal from its latest snapshot on. */
export async function recoverFrom(
  store: Store,
  row: CampaignRow,
  opened: { readonly loop: Loop; readonly belief: Belief },
  compute: Compute,
  stored: readonly JournalEntry[],
): Promise<Recovered> {
  const snapshot = await store.latestSnapshot(row.key);
  const progress = snapshot && readSnapshot(snapshot.state);
  if (snapshot === undefined || progress === undefined || snapshot.seq > stored.length)
    return recover(opened.loop, compute, opened.belief, stored);
  const before = stored.slice(0, snapshot.seq);
  const outstanding = new Map<string, Recovered["outstanding"][number]>();
  for (const entry of before) {
    const event = eventOf(entry);
    if ("command" in event) outstanding.delete(event.command);
    for (const command of JSON.parse(entry.commands) as Recovered["outstanding"])
      outstanding.set(command.id, command);
  }
  const from: Recovered = {
    progress,
    outstanding: [...outstanding.values()],
  };
  return recover(opened.loop, compute, opened.belief, stored.slice(snapshot.seq), from);
}
