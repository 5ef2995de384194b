import { log } from "../../../numerics/index.ts";
import { settingLookup } from "../../space/settle.ts";
import type { ChoiceTask } from "../model/choice-task.ts";
import { costOf } from "../task/cost.ts";
import type { Factor } from "./factor.ts";

/**
 * What an experiment is worth per cost, when it follows the one that began last. A setting whose cost isn't above 0 is
 * worth nothing.
 */
export function costFactor(task: ChoiceTask): Factor | undefined {
  const { space, design } = task.problem;
  const { cost } = design;
  if (cost === undefined) return undefined;
  const last = task.pending.at(-1) ?? task.data.at(-1)?.setting;
  const previous = last && settingLookup(space, last);
  return {
    value: (setting) => {
      const own = settingLookup(space, setting);
      const value = costOf(cost, { own, previous: previous ?? own });
      return value > 0 ? -log(value) : -Infinity;
    },
  };
}
