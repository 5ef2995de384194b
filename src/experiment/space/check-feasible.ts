import { randomStream } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { totalOf } from "./feasibility.ts";
import { componentsOf } from "./place-setting.ts";
import { sampleFeasible } from "./sample-feasible.ts";
import type { Constraint, Mixture, Space } from "./space.ts";

/** A setting that is allowed, or what stands in its way. */
export type Feasibility =
  | { readonly kind: "feasible"; readonly setting: Setting }
  | {
      readonly kind: "infeasible";
      /** Constraints that can't be met together; none when a mixture alone can't be made up. */
      readonly conflicting: readonly Constraint[];
      /** The mixture that can't be made up. */
      readonly mixture?: Mixture;
      readonly message: string;
    };

/**
 * Finds a setting that is allowed, or a smallest set of constraints for which none was found.
 *
 * The search is thorough (Sobol points, all combinations where they are few, projection onto linear constraints,
 * descent of what others lack) but no proof where constraints are not linear: a very small feasible part may be
 * missed.
 */
export function checkFeasible(space: Space): Feasibility {
  const mixture = space.mixtures.find((each) => !canAddUp(space, each));
  if (mixture !== undefined) {
    const few = mixture.atMost === undefined ? "" : `at most ${mixture.atMost} of `;
    return {
      kind: "infeasible",
      conflicting: [],
      mixture,
      message: `no amounts of ${few}${mixture.parameters.join(", ")} within their limits and steps sum to ${mixture.total} ${mixture.unit}`,
    };
  }
  const setting = find(space);
  if (setting !== undefined) return { kind: "feasible", setting };
  const conflicting = smallestConflict(space);
  const quoted = conflicting.map(({ text }) => `"${text}"`).join(" and ");
  return {
    kind: "infeasible",
    conflicting,
    message:
      conflicting.length === 1
        ? `no setting meets the constraint ${quoted}`
        : conflicting.length > 1
          ? `no setting meets the constraints ${quoted} together`
          : "no setting was found that can be made",
  };
}

/** Searches of {@link sampleFeasible}, which looks from several points itself. */
const ATTEMPTS = 3;

function find(space: Space): Setting | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [setting] = sampleFeasible(space, 1, randomStream(0, attempt, "feasible"));
    if (setting !== undefined) return setting;
  }
  return undefined;
}

function canAddUp(space: Space, mixture: Mixture): boolean {
  const components = componentsOf(space, mixture.parameters);
  const total = totalOf(space, mixture);
  const most = components.map(({ maximum }) => maximum).sort((a, b) => b - a);
  const sum = most.slice(0, mixture.atMost).reduce((all, each) => all + each, 0);
  if (sum < total - 1e-9 * Math.abs(total)) return false;
  const least = components.reduce((sum, { minimum }) => sum + minimum, 0);
  if (mixture.atMost === undefined && least > total + 1e-9 * Math.abs(total)) return false;
  const parameters = space.parameters.filter(({ name }) => mixture.parameters.includes(name));
  return find({ parameters, mixtures: [mixture], constraints: [] }) !== undefined;
}

/** Leaves out one constraint after the other as long as the rest still can't be met. */
function smallestConflict(space: Space): Constraint[] {
  let conflicting = [...space.constraints];
  for (const constraint of space.constraints) {
    const rest = conflicting.filter((each) => each !== constraint);
    if (rest.length > 0 && find({ ...space, constraints: rest }) === undefined) conflicting = rest;
  }
  return conflicting;
}
