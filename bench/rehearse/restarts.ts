import { inlineCompute } from "../../src/lab/compute/inline-compute.ts";
import { type LoadedCampaign, loadCampaign } from "../../src/lab/load-campaign.ts";
import type { Observer } from "../../src/lab/observer.ts";
import { resumeCampaign, type Started, startCampaign } from "../../src/lab/run-campaign.ts";
import type { CampaignEnd } from "../../src/lab/running-campaign.ts";
import { type Database, openMemoryDatabase } from "../../src/record/database.ts";
import { openStore } from "../../src/record/store.ts";

/** What came of a campaign, however often it was broken off. */
export interface Outcome {
  /** Why it concluded. */
  readonly reason: string;
  readonly experiments: number;
  readonly measured: number;
  /** When it began and was over, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Entries of its journal, and the hash of the last one, which proves them all. */
  readonly entries: number;
  readonly head: string;
}

/**
 * Plays a campaign in virtual time that is broken off again and again, as if its process had died: from a moment on nothing
 * more gets into the journal. Each time it is resumed with what the journal has, on instruments that know nothing.
 *
 * @param breaks - numbers of the entries after which it is broken off, rising
 * @throws Error when it can't be begun or resumed, or ends otherwise than by its conclusion
 */
export async function playBrokenOff(
  { file, seed }: { readonly file: string; readonly seed: number },
  breaks: readonly number[],
): Promise<Outcome> {
  const loading = await loadCampaign({ file, seed });
  if (loading.kind === "faults") throw new Error(loading.faults.map(({ message }) => message).join("; "));
  const fuse = new Fuse(await openMemoryDatabase());
  try {
    let ended = await endOf(await begun(loading.loaded, file, fuse, breaks[0]));
    for (let k = 1; ended.kind === "broken"; k++) {
      if (!fuse.isBlown) throw new Error(ended.fault.message);
      ended = await endOf(await resumed(fuse, breaks[k]));
    }
    return await outcomeIn(fuse.database, ended);
  } finally {
    await fuse.database.close();
  }
}

/** A database that takes no more journal entries once its fuse has blown. */
class Fuse {
  readonly #inner: Database;
  #last = Infinity;
  #isBlown = false;

  constructor(database: Database) {
    this.#inner = database;
  }

  get isBlown(): boolean {
    return this.#isBlown;
  }

  get database(): Database {
    const { journal } = this.#inner;
    return {
      ...this.#inner,
      journal: {
        ...journal,
        $executeRawUnsafe: (sql, ...values) => {
          if (this.#isBlown) return Promise.reject(new Error("the process has died"));
          return journal.$executeRawUnsafe(sql, ...values);
        },
      },
    };
  }

  /** Watches a campaign that is broken off after an entry, or never; and is the only one to see it. */
  observer(last = Infinity): Observer {
    this.#last = last;
    this.#isBlown = false;
    return {
      onEntry: ({ seq }) => {
        if (seq >= this.#last) this.#isBlown = true;
      },
      note: () => undefined,
      ask: async () => "simulated",
    };
  }
}

function begun(loaded: LoadedCampaign, source: string, fuse: Fuse, last?: number): Promise<Started> {
  const { database } = fuse;
  const observer = fuse.observer(last);
  return startCampaign({ loaded, source, mode: "virtual", database, compute: inlineCompute(), observer });
}

async function resumed(fuse: Fuse, last?: number): Promise<Started> {
  const { database } = fuse;
  const [row] = await openStore(database).campaigns();
  if (row === undefined) throw new Error("the database has lost the campaign");
  return resumeCampaign({ row, database, compute: inlineCompute(), observer: fuse.observer(last) });
}

async function endOf(started: Started): Promise<CampaignEnd> {
  if (started.kind === "refused") throw new Error(started.faults.map(({ message }) => message).join("; "));
  return started.running.ended;
}

async function outcomeIn(
  database: Database,
  { event }: Extract<CampaignEnd, { kind: "concluded" }>,
): Promise<Outcome> {
  const store = openStore(database);
  const [row] = await store.campaigns();
  if (row === undefined) throw new Error("the database has lost the campaign");
  let [measured, from, to] = [0, Number.NaN, Number.NaN];
  for await (const { kind, time, data } of store.entries(row.key)) {
    to = Date.parse(time);
    if (Number.isNaN(from)) from = to;
    if (
      kind === "measurement.recorded" &&
      (JSON.parse(data) as { unusable: unknown[] }).unusable.length === 0
    )
      measured += 1;
  }
  const { reason, experiments } = event;
  return { reason, experiments, measured, from, to, entries: row.headSeq, head: row.headHash };
}
