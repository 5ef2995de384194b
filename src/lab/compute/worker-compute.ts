import { Worker } from "node:worker_threads";
import type { Suggestion } from "../../experiment/design/task/suggestion.ts";
import type { Compute, DecideTask, UpdateTask } from "./compute.ts";
import { inlineCompute } from "./inline-compute.ts";
import type { NumberedResult, NumberedTask } from "./worker.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Arithmetic in worker threads. A task goes to the worker with the fewest tasks; results depend on the task alone,
 * so neither the number of workers nor their order changes what a campaign does.
 *
 * @param workers - how many threads, at least 1
 */
export function workerCompute(workers = 1): Compute {
  // Sources (under a test runner) can't be loaded by a thread without the runner's transformations.
  if (import.meta.url.endsWith(".ts")) return inlineCompute();
  const threads = Array.from({ length: workers }, () => new Thread());
  const run = (task: DecideTask | UpdateTask): Promise<unknown> => {
    const idle = threads.reduce((a, b) => (b.load < a.load ? b : a));
    return idle.run(task);
  };
  return {
    decide: async (task) => (await run(task)) as readonly Suggestion[],
    update: async (task) => (await run(task)) as Awaited<ReturnType<Compute["update"]>>,
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Numbers of the problems that the thread has. */
  readonly #problems = new WeakMap<object, number>();
  #problemsSent = 0;
  #next = 0;
  #closing = false;

  constructor() {
    this.#worker = new Worker(new URL("./worker.js", import.meta.url));
    this.#worker.unref();
    this.#worker.on("message", ({ number, result }: NumberedResult) => {
      const waiting = this.#waiting.get(number);
      this.#waiting.delete(number);
      // A result that still comes must not let the process end in the middle of closing.
      if (this.#waiting.size === 0 && !this.#closing) this.#worker.unref();
      if (result.kind === "value") waiting?.resolve(result.value);
      else waiting?.reject(new Error(`the compute worker failed: ${result.stack}`));
    });
    this.#worker.on("error", (error: Error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  get load(): number {
    return this.#waiting.size;
  }

  run(task: DecideTask | UpdateTask): Promise<unknown> {
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.ref();
      const { problem, ...rest } = task;
      const known = this.#problems.get(problem);
      const problemNumber = known ?? this.#problemsSent++;
      this.#problems.set(problem, problemNumber);
      const message = { number, task: rest, problemNumber } as const;
      this.#worker.postMessage(
        known === undefined
          ? ({ ...message, problem } satisfies NumberedTask)
          : (message satisfies NumberedTask),
      );
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#worker.terminate();
  }
}
