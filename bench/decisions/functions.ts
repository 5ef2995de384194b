import type { StrategyDefinition } from "labloop";
import type { Column } from "../peers/optimiser.ts";

/** An objective to be made small whose minimum is known. */
export interface TestFunction {
  readonly name: string;
  readonly columns: readonly (Column & { readonly kind: "real" })[];
  readonly minimum: number;
  /** Experiments of a campaign, those at the start included. */
  readonly experiments: number;
  /** What peers reach: median final regret of the best of them in the benchmarks' README. */
  readonly target?: number;
  /** Standard deviation of one measurement; a campaign is judged by the value without it. */
  readonly noise?: number;
  /** Gross errors of measurements, up or down; a campaign is judged by the value without them. */
  readonly glitches?: {
    /** Probability that a measurement has one. */
    readonly share: number;
    /** Least and greatest size, in the objective's unit. */
    readonly sizes: readonly [number, number];
  };
  /** What the columns sum to; each goes from 0 to it. */
  readonly total?: number;
  /** Known conditions, as labloop writes them, and as Python expressions that are at least 0 where they hold. */
  readonly constraints?: readonly { readonly labloop: string; readonly python: string }[];
  /** Margins of the constraints: at least 0 where a setting is allowed. */
  readonly margins?: (x: readonly number[]) => number[];
  /** Value without noise; undefined where the experiment fails. */
  readonly evaluate: (x: readonly number[]) => number | undefined;
}

/** The question about a function in the words of labloop's library. */
export function definitionOf(test: TestFunction, seed: number): StrategyDefinition {
  const { columns, total, constraints = [] } = test;
  return {
    parameters: Object.fromEntries(columns.map(({ name, min, max }) => [name, { min, max }])),
    ...(total === undefined ? {} : { mixtures: [{ of: columns.map(({ name }) => name), total }] }),
    ...(constraints.length === 0 ? {} : { constraints: constraints.map(({ labloop }) => labloop) }),
    measurements: { y: { unit: "1" } },
    goal: { minimise: "y" },
    seed,
  };
}

/** Columns x1 … xd with one range. */
export function box(dimensions: number, min: number, max: number): (Column & { readonly kind: "real" })[] {
  return Array.from({ length: dimensions }, (_, i) => ({ kind: "real", name: `x${i + 1}`, min, max }));
}
