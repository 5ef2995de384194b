import { encodeAll, featureMap } from "../../hypothesis/features.ts";
import { type Viability, viabilityOf } from "../../hypothesis/surrogate/viability.ts";
import { log } from "../../numerics/index.ts";
import type { Acquisition, Points } from "./acquisition.ts";
import type { ChoiceTask } from "./choice-task.ts";

/** Where experiments give a result, learned once a decision; undefined while none has failed. */
export function viabilityIn(task: ChoiceTask): Viability | undefined {
  if (task.data.every(({ outcome }) => outcome.kind === "measured")) return undefined;
  if (task.learned.viability === undefined) {
    const map = featureMap(task.problem.space.parameters);
    task.learned.viability = viabilityOf({
      count: task.data.length,
      dimension: map.dimension,
      inputs: encodeAll(
        map,
        task.data.map(({ setting }) => setting),
      ),
      signs: Float64Array.from(task.data, ({ outcome }) => (outcome.kind === "measured" ? 1 : -1)),
    });
  }
  return task.learned.viability;
}

/** What a score above a floor is worth when the experiment may fail, which gives the floor. */
export function expectedOver(floor: number, acquisition: Acquisition, viability: Viability): Acquisition {
  return factored(
    acquisition,
    (value, features, at) => floor + Math.max(0, value - floor) * viability(features, at),
  );
}

/** A logarithmic acquisition of an experiment that may fail, which is worth nothing then. */
export function logExpected(acquisition: Acquisition, viability: Viability): Acquisition {
  return factored(acquisition, (value, features, at) => value + log(viability(features, at)));
}

/** Values a setting by the probability of a result alone: all that can be gone by while every experiment failed. */
export function mostViable(viability: Viability): Acquisition {
  return { method: "probability of a result", value: (_, features) => viability(features) };
}

/** Candidates that are looked at beyond those wanted, since the factor changes their order. */
const SHORT_LIST = 256;

function factored(
  acquisition: Acquisition,
  times: (value: number, features: Float64Array, at?: number) => number,
): Acquisition {
  const { method, best } = acquisition;
  return {
    method,
    value: (setting, features) => times(acquisition.value(setting, features), features),
    ...(best && {
      best: (points: Points, most: number) => {
        const listed = best(points, Math.max(most, SHORT_LIST));
        return listed
          .map(({ row, value }) => ({ row, value: times(value, points.features, row * points.dimension) }))
          .sort((a, b) => b.value - a.value || a.row - b.row)
          .slice(0, most);
      },
    }),
  };
}
