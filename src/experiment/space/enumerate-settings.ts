import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { isFeasible } from "./feasibility.ts";
import { valueAt, valueCount } from "./makeable.ts";
import type { Space } from "./space.ts";

/**
 * Every feasible setting of a space, when the combinations are few enough to look at. Nothing is built before
 * they are counted.
 *
 * @param most - combinations (feasible or not) up to which it is done
 * @returns undefined when there are more, or a parameter is continuous
 */
export function enumerateSettings(space: Space, most: number): Setting[] | undefined {
  const size = space.parameters.reduce((product, parameter) => product * countIn(space, parameter), 1);
  if (size > most) return undefined;
  let settings: Setting[] = [{}];
  for (const parameter of space.parameters) {
    const values = valuesIn(space, parameter);
    settings = settings.flatMap((setting) =>
      values.map((value) => ({ ...setting, [parameter.name]: value })),
    );
  }
  return settings.filter((setting) => isFeasible(space, setting));
}

function countIn(space: Space, parameter: Parameter): number {
  if (space.pinned?.[parameter.name] !== undefined) return 1;
  return valueCount(parameter) + (mayBeAbsent(space, parameter) ? 1 : 0);
}

function valuesIn(space: Space, parameter: Parameter): (number | string)[] {
  const pinned = space.pinned?.[parameter.name];
  if (pinned !== undefined) return [pinned];
  if (parameter.kind === "continuous") return [];
  const values = Array.from({ length: valueCount(parameter) }, (_, k) => valueAt(parameter, k));
  return mayBeAbsent(space, parameter) ? [0, ...values] : values;
}

/** Whether 0 is a value beside those within the limits. */
function mayBeAbsent({ mixtures }: Space, parameter: Parameter): boolean {
  return (
    (parameter.kind === "continuous" || parameter.kind === "stepped") &&
    parameter.minimum > 0 &&
    mixtures.some(({ atMost, parameters }) => atMost !== undefined && parameters.includes(parameter.name))
  );
}
