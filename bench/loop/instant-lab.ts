import type { Expression } from "../../src/base/expression/expression.ts";
import { unitOf } from "../../src/base/unit.ts";
import type { Belief } from "../../src/hypothesis/belief.ts";
import type { Instrument, Outcome } from "../../src/instrument/contract/instrument.ts";
import type { Compute } from "../../src/lab/compute/compute.ts";
import type { LoopDefinition } from "../../src/loop/definition.ts";
import type { Effect, Plan } from "../../src/loop/plan.ts";
import { oneParameterDefinition } from "../../test/support/one-parameter.ts";

const ONE = unitOf("1");

/** The belief of a campaign without hypotheses. */
export const NO_BELIEF: Belief = { hypotheses: [], states: [], observations: [] };

/** What a bench campaign does. */
export interface Workload {
  readonly experiments: number;
  /** Actions of one experiment, one after the other. */
  readonly actions: number;
  readonly effect: Effect;
}

/** A campaign whose experiments give one instrument the same command again and again. */
export function benchDefinition({ experiments, actions, effect }: Workload): LoopDefinition {
  return {
    ...oneParameterDefinition(repeated(actions, effect)),
    budget: { experiments, consumables: [] },
    failuresInARow: 3,
  };
}

function repeated(times: number, effect: Effect): Plan {
  const number: Expression = { kind: "number", at: 0, value: times, unit: ONE };
  const x: Expression = { kind: "name", at: 0, name: "x" };
  return [
    { kind: "count", counter: 0, times: number },
    { kind: "jump", to: 3 },
    {
      kind: "action",
      step: {
        role: "detector",
        action: effect === "once" ? "expose" : "read",
        effect,
        arguments: { x: { kind: "number", expression: x, unit: ONE, minimum: 0, maximum: 1 } },
        as: "point",
        readings: { y: ONE },
        within: 60_000,
      },
      always: false,
    },
    { kind: "while counting", counter: 0, to: 2 },
  ];
}

/** Decisions and updates that cost nothing, so that the loop alone is measured. */
export function instantCompute(): Compute {
  let decision = 0;
  return {
    decide: async ({ count }) =>
      Array.from({ length: count }, () => {
        decision += 1;
        // Golden ratio steps: settings differ, as those of a real campaign do.
        return { setting: { x: (decision * 0.618) % 1 }, reasons: REASONS };
      }),
    update: async ({ belief, observation }) => {
      return { belief, report: { experiment: observation.experiment, movements: [] } };
    },
    close: async () => {},
  };
}

const REASONS = { method: "random", predicted: {}, perHypothesis: [] } as const;

/** Milliseconds from each result to the next command. */
export type Gaps = number[];

/**
 * An instrument that answers at once, or after a time on a clock.
 *
 * @param gaps - takes the time from each answer to the next command; none is kept when absent
 * @param answer - waits until the instrument answers
 */
export function benchInstrument(gaps?: Gaps, answer?: () => Promise<void>): Instrument {
  let answered = Number.NaN;
  return {
    identity: { model: "instant detector" },
    declaration: { title: "instant detector", properties: {}, actions: {} } as never,
    perform: async ({ arguments: { x } }): Promise<Outcome> => {
      const called = performance.now();
      if (!Number.isNaN(answered)) gaps?.push(called - answered);
      const y = Math.sin(Number(x) * 3);
      await answer?.();
      answered = performance.now();
      return { kind: "done", readings: { y } };
    },
    settle: async () => ({ kind: "not done" }),
    estimate: () => 0,
    check: async () => ({ kind: "ok" }),
    makeSafe: async () => ({ kind: "safe", state: {} }),
    close: async () => {},
  };
}

/** The value below which 99 of 100 lie. */
export function percentile99(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}
