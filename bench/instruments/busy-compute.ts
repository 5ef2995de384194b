import type { Problem } from "../../src/experiment/design/task/problem.ts";
import type { Belief } from "../../src/hypothesis/belief.ts";
import { workerCompute } from "../../src/lab/compute/worker-compute.ts";
import { initialBelief } from "../../src/update/bayes/update-belief.ts";
import { hartmann6 } from "../decisions/classic-functions.ts";
import { pastPoints } from "../decisions/suggestion-times.ts";

/** The worker of a campaign that computes one suggestion after the other. */
export interface BusyCompute {
  /** Whether a suggestion is being computed. */
  isBusy(): boolean;
  /** Milliseconds that each suggestion took so far. */
  readonly took: readonly number[];
  end(): Promise<void>;
}

const NAMES = ["x1", "x2", "x3", "x4", "x5", "x6"];
const PARAMETERS = NAMES.map(
  (name) => ({ kind: "continuous", name, unit: "1", minimum: 0, maximum: 1, scale: "linear" }) as const,
);
const PROBLEM: Problem = {
  space: { parameters: PARAMETERS, mixtures: [], constraints: [] },
  measurements: [{ name: "y", unit: "1" }],
  goal: { kind: "optimise", objectives: [{ measurement: "y", direction: { kind: "minimise" } }] },
  hypotheses: [],
  design: { first: { method: "sobol", count: 0 }, then: "optimise" },
  seed: 1,
};

/**
 * Keeps the worker of a campaign busy with suggestions of a Gaussian process over six parameters.
 *
 * @param results - how many results the process is conditioned on
 */
export async function busyCompute(results: number): Promise<BusyCompute> {
  const compute = workerCompute(1);
  let belief: Belief = initialBelief(PROBLEM);
  for (const [i, point] of pastPoints(results).entries()) {
    const setting = Object.fromEntries(NAMES.map((name, k) => [name, point[k] as number]));
    const values = { y: { value: hartmann6(point), standardUncertainty: 0 } };
    const observation = { experiment: i + 1, setting, outcome: { kind: "measured", values } } as const;
    ({ belief } = await compute.update({ kind: "update", problem: PROBLEM, belief, observation }));
  }
  const took: number[] = [];
  let [ends, busy] = [false, false];
  const work = (async () => {
    const task = {
      kind: "decide",
      problem: PROBLEM,
      data: belief.observations,
      belief,
      pending: [],
    } as const;
    for (let decision = results; !ends; decision += 1) {
      const began = performance.now();
      busy = true;
      await compute.decide({ ...task, count: 1, decision });
      busy = false;
      took.push(performance.now() - began);
    }
  })();
  return {
    isBusy: () => busy,
    took,
    end: async () => {
      ends = true;
      await work;
      await compute.close();
    },
  };
}
