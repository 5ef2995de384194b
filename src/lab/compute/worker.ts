import { parentPort } from "node:worker_threads";
import { decide } from "../../experiment/design/decide.ts";
import { update } from "../../update/bayes/update-belief.ts";
import type { DecideTask, UpdateTask } from "./compute.ts";

/** A task with the number under which it is answered. */
export interface NumberedTask {
  readonly number: number;
  readonly task: DecideTask | UpdateTask;
}

/** An answer: what came out, or the text of the error. */
export interface NumberedResult {
  readonly number: number;
  readonly result:
    | { readonly kind: "value"; readonly value: unknown }
    | { readonly kind: "error"; readonly stack: string };
}

function run(task: DecideTask | UpdateTask): unknown {
  return task.kind === "decide" ? decide(task) : update(task);
}

parentPort?.on("message", ({ number, task }: NumberedTask) => {
  try {
    parentPort?.postMessage({ number, result: { kind: "value", value: run(task) } } satisfies NumberedResult);
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ number, result: { kind: "error", stack } } satisfies NumberedResult);
  }
});
