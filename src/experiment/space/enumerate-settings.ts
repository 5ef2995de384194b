import type { Setting } from "../../hypothesis/parameter.ts";
import { isFeasible } from "./feasibility.ts";
import { valueAt, valueCount } from "./makeable.ts";
import type { Space } from "./space.ts";

/**
 * Every feasible setting of a space, when the combinations are few enough to look at.
 *
 * @param most - combinations (feasible or not) up to which it is done
 * @returns undefined when there are more, or a parameter is continuous
 */
export function enumerateSettings(space: Space, most: number): Setting[] | undefined {
  const size = space.parameters.reduce((product, parameter) => product * valueCount(parameter), 1);
  if (size > most) return undefined;
  let settings: Setting[] = [{}];
  for (const parameter of space.parameters) {
    if (parameter.kind === "continuous") return undefined;
    const values = Array.from({ length: valueCount(parameter) }, (_, k) => valueAt(parameter, k));
    settings = settings.flatMap((setting) =>
      values.map((value) => ({ ...setting, [parameter.name]: value })),
    );
  }
  return settings.filter((setting) => isFeasible(space, setting));
}
