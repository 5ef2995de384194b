import { parentPort } from "node:worker_threads";
import type { DataSet } from "./data-set.ts";
import { playLabloop } from "./labloop-table.ts";
import type { TableCampaign } from "./table-campaign.ts";

/** A campaign that a thread is to play. */
export interface CampaignOrder {
  readonly set: DataSet;
  readonly campaign: TableCampaign;
}

/** The rows in the order of their experiments, or the text of the error. */
export type CampaignAnswer =
  | { readonly kind: "rows"; readonly rows: readonly number[] }
  | { readonly kind: "error"; readonly stack: string };

parentPort?.on("message", ({ set, campaign }: CampaignOrder) => {
  let answer: CampaignAnswer;
  try {
    answer = { kind: "rows", rows: playLabloop(set, campaign) };
  } catch (error) {
    answer = {
      kind: "error",
      stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  parentPort?.postMessage(answer);
});
