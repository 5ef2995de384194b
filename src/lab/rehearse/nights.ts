import { Worker } from "node:worker_threads";
import type { Night } from "./night.ts";
import { type NightTask, playNight } from "./night-task.ts";
import type { NightAnswer } from "./night-worker.ts";

/**
 * Rehearses many nights, each with its own seed, on several threads; the nights come back in the order of the tasks.
 *
 * @param threads - how many at once, at least 1
 * @param onNight - called at the end of each
 * @throws Error when one of them can't be played
 */
export async function rehearseNights(
  tasks: readonly NightTask[],
  threads: number,
  onNight: (done: number) => void,
): Promise<Night[]> {
  const nights: Night[] = [];
  let [next, done] = [0, 0];
  const work = async (play: (task: NightTask) => Promise<Night>): Promise<void> => {
    for (let k = next++; k < tasks.length; k = next++) {
      nights[k] = await play(tasks[k] as NightTask);
      onNight(++done);
    }
  };
  // Sources (under a test runner) can't be loaded by a thread without the runner's transformations.
  if (import.meta.url.endsWith(".ts")) {
    await work(playNight);
    return nights;
  }
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => {
    return new Worker(new URL("./night-worker.js", import.meta.url));
  });
  try {
    await Promise.all(workers.map((worker) => work((task) => playedBy(worker, task))));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return nights;
}

function playedBy(worker: Worker, task: NightTask): Promise<Night> {
  return new Promise((resolve, reject) => {
    const forget = (): void => {
      worker.off("message", take);
      worker.off("error", fail);
    };
    const fail = (error: Error): void => {
      forget();
      reject(error);
    };
    const take = (answer: NightAnswer): void => {
      forget();
      if (answer.kind === "night") resolve(answer.night);
      else reject(new Error(`seed ${task.seed}: ${answer.message}`));
    };
    worker.on("message", take);
    worker.on("error", fail);
    worker.postMessage(task);
  });
}
