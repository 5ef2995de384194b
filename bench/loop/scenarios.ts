import { join } from "node:path";
import { sleep } from "../../src/base/clock.ts";
import { recover } from "../../src/lab/recover.ts";
import { SystemClock } from "../../src/lab/system-clock.ts";
import { createLoop } from "../../src/loop/loop.ts";
import type { CampaignJournal } from "../../src/record/journal.ts";
import { benchDefinition, instantCompute, NO_BELIEF, percentile99 } from "./instant-lab.ts";
import { memoryJournal } from "./memory-journal.ts";
import { type BenchDatabase, benchDatabase, runCampaign } from "./run.ts";

/** Figures by the name of their goal. */
export type Figures = Readonly<Record<string, number>>;

/** One part of the bench; `folder` is empty and its own. */
export type Scenario = (folder: string) => Promise<Figures>;

const perSecond = (count: number, milliseconds: number): number => (count / milliseconds) * 1000;

/** One experiment that takes many readings, without a database. */
export const scanInMemory: Scenario = async () => {
  const actions = 30_000;
  const ran = await runCampaign({
    workload: { experiments: 1, actions, effect: "read" },
    journal: memoryJournal(),
  });
  return { "scan in memory": perSecond(actions, ran.milliseconds) };
};

/** One experiment that takes many readings, every one in the journal. */
export const durableScan: Scenario = async (folder) => {
  const actions = 30_000;
  const database = await benchDatabase(join(folder, "scan.db"));
  const journal = await database.journal("scan");
  const ran = await runCampaign({ workload: { experiments: 1, actions, effect: "read" }, journal });
  await database.close();
  return {
    "durable scan": perSecond(actions, ran.milliseconds),
    "p99 to the next dispatch, scan": percentile99(ran.gaps),
  };
};

/** Campaigns that run together. */
const CAMPAIGNS = 64;

function manyJournals(database: BenchDatabase): Promise<CampaignJournal[]> {
  const ids = Array.from({ length: CAMPAIGNS }, (_, i) => `campaign-${i}`);
  return Promise.all(ids.map((id) => database.journal(id)));
}

/** Many campaigns at once, each of many experiments of ten readings. */
export const manyCampaigns: Scenario = async (folder) => {
  const database = await benchDatabase(join(folder, "many.db"));
  const journals = await manyJournals(database);
  const began = performance.now();
  const ran = await Promise.all(
    journals.map((journal) =>
      runCampaign({ workload: { experiments: 100, actions: 10, effect: "read" }, journal }),
    ),
  );
  const milliseconds = performance.now() - began;
  await database.close();
  const events = ran.reduce((sum, each) => sum + each.events, 0);
  return {
    "64 campaigns": perSecond(events, milliseconds),
    "p99 to the next dispatch, 64 campaigns at full speed": percentile99(ran.flatMap(({ gaps }) => gaps)),
  };
};

/** Many campaigns at once on the wall clock, each with an instrument that takes a tenth of a second for a reading. */
export const pacedCampaigns: Scenario = async (folder) => {
  const database = await benchDatabase(join(folder, "paced.db"));
  const journals = await manyJournals(database);
  const clock = new SystemClock();
  const ran = await Promise.all(
    journals.map(async (journal, i) => {
      await sleep(clock, (100 / CAMPAIGNS) * i);
      const workload = { experiments: 5, actions: 10, effect: "read" } as const;
      return runCampaign({ workload, journal, clock, answerAfter: 100 });
    }),
  );
  await database.close();
  return {
    "p99 to the next dispatch, 64 campaigns at 10 readings/s": percentile99(ran.flatMap(({ gaps }) => gaps)),
  };
};

/** Actions that may not be repeated: each intent is durable before its effect. */
export const actionsOnce: Scenario = async (folder) => {
  const actions = 3000;
  const database = await benchDatabase(join(folder, "once.db"));
  const journal = await database.journal("once");
  const ran = await runCampaign({ workload: { experiments: 1, actions, effect: "once" }, journal });
  await database.close();
  return {
    "actions that may not be repeated": perSecond(actions, ran.milliseconds),
    "p99 to the next dispatch, each intent durable": percentile99(ran.gaps),
  };
};

/** Recovery from the beginning of a journal of 100,000 events, without a snapshot. */
export const replay: Scenario = async (folder) => {
  const database = await benchDatabase(join(folder, "replay.db"));
  const workload = { experiments: 7143, actions: 10, effect: "read" } as const;
  const journal = await database.journal("replay");
  const { events } = await runCampaign({ workload, journal });
  const began = performance.now();
  const loop = createLoop(benchDefinition(workload));
  const entries = database.store.entries("replay");
  const recovered = await recover(loop, instantCompute(), NO_BELIEF, entries);
  const seconds = (performance.now() - began) / 1000;
  await database.close();
  const { measured } = recovered.progress.state.campaign.context.account;
  if (measured !== workload.experiments) throw new Error(`the replay gave ${measured} measurements`);
  return { "replay of 100,000 events": (seconds * 100_000) / events };
};

/** Experiments in the memory scenario, and how often the heap is looked at. */
const MEMORY = { experiments: 100_000, every: 10_000 } as const;

/** The heap while one campaign carries out 100,000 experiments. */
export const memory: Scenario = async (folder) => {
  const database = await benchDatabase(join(folder, "memory.db"));
  const journal = await database.journal("memory");
  const heap: number[] = [];
  let experiments = 0;
  const onEvent = (type: string): void => {
    if (type !== "belief.updated") return;
    experiments += 1;
    if (experiments % MEMORY.every === 0) heap.push(heapMegabytes());
  };
  const workload = { experiments: MEMORY.experiments, actions: 1, effect: "read" } as const;
  const ran = await runCampaign({ workload, journal, onEvent, keepGaps: false });
  await database.close();
  const [first] = heap as [number];
  return {
    "growth of the heap, 10,000 to 100,000 experiments": (heap.at(-1) as number) - first,
    "heap after 10,000 experiments": first,
    "experiments in a row": perSecond(MEMORY.experiments, ran.milliseconds),
  };
};

function heapMegabytes(): number {
  if (globalThis.gc === undefined) throw new Error("run the bench with node --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
}
