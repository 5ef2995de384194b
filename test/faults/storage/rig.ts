import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inlineCompute } from "../../../src/lab/compute/inline-compute.ts";
import { type LoadedCampaign, loadCampaign } from "../../../src/lab/load-campaign.ts";
import type { Observer } from "../../../src/lab/observer.ts";
import { resumeCampaign, type Started, startCampaign } from "../../../src/lab/run-campaign.ts";
import type { CampaignEnd } from "../../../src/lab/running-campaign.ts";
import { type Database, openDatabase } from "../../../src/record/database.ts";
import type { SqlClient } from "../../../src/record/sql-client.ts";
import { type CampaignRow, openStore } from "../../../src/record/store.ts";
import { verifyChain } from "../../../src/record/verify-chain.ts";
import { replaced } from "../../support/labloop.ts";

const EXAMPLE = "examples/colour-match";

/** Writes the colour-match campaign into a folder, with so few experiments that it can be run again and again. */
export function shortCampaign(folder: string, experiments: number): string {
  const text = replaced(readFileSync(join(EXAMPLE, "campaign.yaml"), "utf8"), {
    "experiments: 40": `experiments: ${experiments}`,
  });
  writeFileSync(join(folder, "campaign.yaml"), text);
  writeFileSync(join(folder, "lab.yaml"), readFileSync(join(EXAMPLE, "lab.yaml")));
  return join(folder, "campaign.yaml");
}

/** Reads a campaign that has to be good. */
export async function load(file: string): Promise<LoadedCampaign> {
  const loading = await loadCampaign({ file });
  if (loading.kind === "faults") throw new Error(JSON.stringify(loading.faults));
  return loading.loaded;
}

const SILENT: Observer = { onEntry: () => {}, note: () => {}, ask: async () => "done" };

/** Runs a campaign on the simulated lab, in virtual time. */
export async function run(
  loaded: LoadedCampaign,
  database: Database,
  observer: Partial<Observer> = {},
): Promise<CampaignEnd> {
  return endOf(
    await startCampaign({
      loaded,
      source: loaded.lab.file.replace("lab.yaml", "campaign.yaml"),
      mode: "virtual",
      database,
      compute: inlineCompute(),
      observer: { ...SILENT, ...observer },
    }),
  );
}

/** Goes on with a campaign. */
export async function resume(row: CampaignRow, database: Database): Promise<CampaignEnd> {
  return endOf(await resumeCampaign({ row, database, compute: inlineCompute(), observer: SILENT }));
}

function endOf(started: Started): Promise<CampaignEnd> {
  if (started.kind === "refused") throw new Error(JSON.stringify(started.faults));
  return started.running.ended;
}

/** The campaigns of a database, each with whether its chain holds. */
export async function look(address: string): Promise<{ row: CampaignRow; intact: boolean }[]> {
  const database = await openDatabase(address);
  try {
    const store = openStore(database);
    const rows = await store.campaigns();
    return await Promise.all(
      rows.map(async (row) => ({ row, intact: (await verifyChain(store, row)).fault === undefined })),
    );
  } finally {
    await database.close();
  }
}

/** What becomes of a statement that changes something, counted from 1. */
export type Trouble = (n: number, go: () => PromiseLike<unknown>) => PromiseLike<unknown> | undefined;

/** A database whose changes meet trouble; reads work. */
export function troubled(
  database: Database,
  trouble: Trouble,
): { database: Database; changes: () => number } {
  let count = 0;
  const around = (client: SqlClient): SqlClient => {
    const met = (go: () => PromiseLike<unknown>): never => {
      count += 1;
      return (trouble(count, go) ?? go()) as never;
    };
    return {
      $executeRawUnsafe: (sql, ...values) => met(() => client.$executeRawUnsafe(sql, ...values)),
      $queryRawUnsafe: (sql, ...values) => client.$queryRawUnsafe(sql, ...values),
      $transaction: (statements) => client.$transaction(statements),
      $disconnect: () => client.$disconnect(),
    };
  };
  return {
    database: { ...database, queries: around(database.queries), journal: around(database.journal) },
    changes: () => count,
  };
}
