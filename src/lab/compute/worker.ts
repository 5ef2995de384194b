import { parentPort } from "node:worker_threads";
import { decide } from "../../experiment/design/decide.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import { update } from "../../update/bayes/update-belief.ts";
import type { DecideTask, UpdateTask } from "./compute.ts";

/** A task but for its problem. */
export type ProblemlessTask = Omit<DecideTask, "problem"> | Omit<UpdateTask, "problem">;

/** A task with the number under which it is answered. */
export interface NumberedTask {
  readonly number: number;
  readonly task: ProblemlessTask;
  /** Number of the task's problem, which is sent with its first task only: it may have a hundred thousand candidates. */
  readonly problemNumber: number;
  readonly problem?: Problem;
}

/** An answer: what came out, or the text of the error. */
export interface NumberedResult {
  readonly number: number;
  readonly result:
    | { readonly kind: "value"; readonly value: unknown }
    | { readonly kind: "error"; readonly stack: string };
}

const problems = new Map<number, Problem>();

function run({ task, problem, problemNumber }: NumberedTask): unknown {
  if (problem !== undefined) problems.set(problemNumber, problem);
  const known = problems.get(problemNumber);
  if (known === undefined) throw new RangeError(`problem ${problemNumber} was never sent`);
  return task.kind === "decide" ? decide({ ...task, problem: known }) : update({ ...task, problem: known });
}

parentPort?.on("message", (message: NumberedTask) => {
  const { number } = message;
  try {
    const value = run(message);
    parentPort?.postMessage({ number, result: { kind: "value", value } } satisfies NumberedResult);
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ number, result: { kind: "error", stack } } satisfies NumberedResult);
  }
});
