import { randomStream } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { totalOf } from "./feasibility.ts";
import { componentsOf } from "./place-setting.ts";
import { sampleFeasible } from "./sample-feasible.ts";
import type { Constraint, Space } from "./space.ts";

/** A setting that is allowed, or what stands in its way. */
export type Feasibility =
  | { readonly kind: "feasible"; readonly setting: Setting }
  | {
      readonly kind: "infeasible";
      /** Constraints that can't be met together; none when a mixture alone can't be made up. */
      readonly conflicting: readonly Constraint[];
      readonly message: string;
    };

/**
 * Finds a setting that is allowed, or a smallest set of constraints for which none was found.
 *
 * The search is thorough (Sobol points, then descent of what the constraints lack) but no proof: a feasible
 * part smaller than about a millionth of the space may be missed.
 */
export function checkFeasible(space: Space): Feasibility {
  const mixture = space.mixtures.find((each) => !canAddUp(space, each.parameters, totalOf(space, each)));
  if (mixture !== undefined) {
    return {
      kind: "infeasible",
      conflicting: [],
      message: `no amounts of ${mixture.parameters.join(", ")} within their limits and steps sum to ${mixture.total} ${mixture.unit}`,
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

function find(space: Space): Setting | undefined {
  for (let attempt = 0; attempt < 8; attempt++) {
    const [setting] = sampleFeasible(space, 1, randomStream(0, attempt, "feasible"));
    if (setting !== undefined) return setting;
  }
  return undefined;
}

function canAddUp(space: Space, names: readonly string[], total: number): boolean {
  const components = componentsOf(space, names);
  const least = components.reduce((sum, { minimum }) => sum + minimum, 0);
  const most = components.reduce((sum, { maximum }) => sum + maximum, 0);
  if (total < least - 1e-9 * Math.abs(total) || total > most + 1e-9 * Math.abs(total)) return false;
  const only: Space = {
    parameters: space.parameters.filter(({ name }) => names.includes(name)),
    mixtures: [{ parameters: names, total, unit: unitOfFirst(space, names) }],
    constraints: [],
  };
  return find(only) !== undefined;
}

function unitOfFirst(space: Space, names: readonly string[]): string {
  const first = space.parameters.find(({ name }) => name === names[0]);
  return first === undefined || first.kind === "categorical" ? "1" : first.unit;
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
