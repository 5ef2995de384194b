import { type Clock, sleep } from "../../src/base/clock.ts";
import { Runtime } from "../../src/lab/runtime.ts";
import { virtualTime } from "../../src/lab/virtual-time.ts";
import { createLoop } from "../../src/loop/loop.ts";
import { openDatabase, readDurability } from "../../src/record/database.ts";
import { type CampaignJournal, openJournal } from "../../src/record/journal.ts";
import { EMPTY_HEAD } from "../../src/record/journal-entry.ts";
import { openStore, type Store } from "../../src/record/store.ts";
import {
  benchDefinition,
  benchInstrument,
  type Gaps,
  instantCompute,
  NO_BELIEF,
  type Workload,
} from "./instant-lab.ts";

/** A database for a bench, and how to open journals in it. */
export interface BenchDatabase {
  readonly store: Store;
  journal(id: string): Promise<CampaignJournal>;
  close(): Promise<void>;
}

/** Opens a database as the operator's commands do, and refuses to measure one that isn't durable. */
export async function benchDatabase(file: string): Promise<BenchDatabase> {
  const database = await openDatabase(file);
  const { journalMode, synchronous } = await readDurability(database.journal);
  if (journalMode !== "wal" || synchronous !== 2) throw new Error("the journal's database is not durable");
  const store = openStore(database);
  const writer = openJournal(database);
  return {
    store,
    journal: async (id) => {
      const createdAt = new Date().toISOString();
      const row = await store.create({ id, name: id, source: "bench", simulated: true, createdAt });
      const epoch = await store.claim(row.key, row.epoch, "bench", 0);
      if (epoch === undefined) throw new Error(`campaign ${id} can't be claimed`);
      return writer.campaign(row.key, epoch, EMPTY_HEAD);
    },
    close: async () => {
      await writer.flushed();
      await database.close();
    },
  };
}

/** What a run of the bench found. */
export interface Ran {
  readonly milliseconds: number;
  readonly events: number;
  /** Empty where they were not asked for. */
  readonly gaps: Gaps;
}

/** A run of one campaign. */
export interface Run {
  readonly workload: Workload;
  readonly journal: CampaignJournal;
  readonly onEvent?: (type: string) => void;
  readonly clock?: Clock;
  /** Milliseconds on the clock that the instrument takes for an answer; none when absent. */
  readonly answerAfter?: number;
  /** Whether the time from each result to the next command is kept. */
  readonly keepGaps?: boolean;
}

/** Runs a campaign from its first event until its last one is durable. */
export async function runCampaign(run: Run): Promise<Ran> {
  const { workload, journal, onEvent, clock = virtualTime(0), answerAfter, keepGaps = true } = run;
  const loop = createLoop(benchDefinition(workload));
  const gaps: Gaps = [];
  const answer = answerAfter === undefined ? undefined : () => sleep(clock, answerAfter);
  let events = 0;
  const runtime = new Runtime({
    loop,
    clock,
    journal,
    compute: instantCompute(),
    instruments: { detector: benchInstrument(keepGaps ? gaps : undefined, answer) },
    from: { state: loop.begin(), belief: NO_BELIEF, observed: {} },
    ask: async () => "",
    onEntry: (_, { type }) => {
      events += 1;
      onEvent?.(type);
    },
  });
  const began = performance.now();
  runtime.dispatch({ type: "campaign.started", name: "bench", seed: 1, mode: "virtual", files: {} });
  const end = await runtime.ended;
  if (end.kind === "broken") throw new Error(end.fault.message, { cause: end.cause });
  return { milliseconds: performance.now() - began, events, gaps };
}
