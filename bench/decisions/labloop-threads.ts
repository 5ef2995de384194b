import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { TablePlayer } from "./table-campaign.ts";
import type { CampaignAnswer, CampaignOrder } from "./table-worker.ts";

/** Labloop as a player of tables, in threads of this process. */
export interface LabloopThreads {
  /** At most as many campaigns at a time as there are threads. */
  readonly play: TablePlayer;
  readonly end: () => void;
}

/** Starts threads that play labloop's campaigns. */
export function labloopThreads(count: number): LabloopThreads {
  const idle = Array.from({ length: count }, () => new Worker(new URL("./table-worker.js", import.meta.url)));
  const all = [...idle];
  return {
    play: async (set, campaign) => {
      const worker = idle.pop();
      if (worker === undefined) throw new Error(`more than ${count} campaigns at a time`);
      worker.postMessage({ set, campaign } satisfies CampaignOrder);
      const [answer] = (await once(worker, "message")) as [CampaignAnswer];
      idle.push(worker);
      if (answer.kind === "error") throw new Error(`labloop on ${set.name}: ${answer.stack}`);
      return [...answer.rows];
    },
    end: () => {
      for (const worker of all) void worker.terminate();
    },
  };
}
