import type { LoopDefinition } from "../../loop/definition.ts";

/** A campaign of nothing: the machines have the same states for every campaign. */
export const EMPTY_DEFINITION: LoopDefinition = {
  problem: {
    space: { parameters: [], mixtures: [], constraints: [] },
    measurements: [],
    goal: { kind: "optimise", objectives: [] },
    hypotheses: [],
    design: { first: { method: "sobol", count: 1 }, then: "optimise" },
    seed: 1,
  },
  experiment: { parameters: [], constants: {}, plan: [] },
  measurements: [],
  budget: { experiments: 1, consumables: [] },
  stop: [],
  batch: 1,
  failuresInARow: 1,
};
