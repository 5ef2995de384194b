import { parentPort } from "node:worker_threads";
import { type NightTask, playNight } from "./night-task.ts";

/** What a worker answers. */
export type NightAnswer =
  | { readonly kind: "night"; readonly night: Awaited<ReturnType<typeof playNight>> }
  | { readonly kind: "failed"; readonly message: string };

parentPort?.on("message", (task: NightTask) => {
  playNight(task).then(
    (night) => parentPort?.postMessage({ kind: "night", night } satisfies NightAnswer),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ kind: "failed", message } satisfies NightAnswer);
    },
  );
});
