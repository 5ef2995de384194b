import { unitOf } from "../../src/base/unit.ts";
import type { LoopDefinition } from "../../src/loop/definition.ts";
import type { Plan } from "../../src/loop/plan.ts";

/** Three experiments, one after the other, that seek the largest y over one parameter x from 0 to 1. */
export function oneParameterDefinition(plan: Plan): LoopDefinition {
  const parameters = [
    { kind: "continuous", name: "x", unit: "1", minimum: 0, maximum: 1, scale: "linear" },
  ] as const;
  return {
    problem: {
      space: { parameters, mixtures: [], constraints: [] },
      measurements: [{ name: "y", unit: "1" }],
      goal: { kind: "optimise", objectives: [{ measurement: "y", direction: { kind: "maximise" } }] },
      hypotheses: [],
      design: { first: { method: "sobol", count: 0 }, then: "optimise" },
      seed: 1,
    },
    experiment: { parameters, constants: {}, plan },
    measurements: [{ name: "y", expression: { kind: "name", at: 0, name: "point.y" }, unit: unitOf("1") }],
    budget: { experiments: 3, consumables: [] },
    stop: [],
    batch: 1,
    failuresInARow: 2,
  };
}
