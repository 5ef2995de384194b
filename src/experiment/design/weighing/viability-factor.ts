import { encodeAll } from "../../../hypothesis/features.ts";
import { type Viability, viabilityOf } from "../../../hypothesis/surrogate/viability.ts";
import { log } from "../../../numerics/index.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { Acquisition } from "../acquisition/acquisition.ts";
import type { ChoiceTask } from "../model/choice-task.ts";
import { multiplied } from "./factor.ts";

/** Where experiments give a result, learned once a decision; undefined while none has failed. */
export function viabilityIn(task: ChoiceTask): Viability | undefined {
  if (task.data.every(({ outcome }) => outcome.kind === "measured")) return undefined;
  if (task.learned.viability === undefined) {
    const map = spaceFeatures(task.problem.space);
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

/** What an acquisition is worth where experiments may fail, which gains nothing; as it is while none has failed. */
export function whereViable(task: ChoiceTask, acquisition: Acquisition): Acquisition {
  const viability = viabilityIn(task);
  return viability === undefined
    ? acquisition
    : multiplied(acquisition, {
        value: (_, features, at) => log(viability.probability(features, at)),
        derive: viability.derive,
      });
}

/**
 * Values a setting by the probability of a result alone: all that can be gone by while every experiment failed.
 *
 * @returns undefined while none has failed
 */
export function mostViable(task: ChoiceTask): { readonly acquisition: Acquisition } | undefined {
  const viability = viabilityIn(task);
  return (
    viability && {
      acquisition: {
        method: "probability of a result",
        floor: 0,
        value: (_, features) => viability.probability(features),
      },
    }
  );
}
