import { fromUnit, toUnit } from "../../hypothesis/features.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { exchanges } from "./exchanges.ts";
import { makeable, valueCount } from "./makeable.ts";
import { freeParameters } from "./place-setting.ts";
import { settle } from "./settle.ts";
import type { Space } from "./space.ts";

/**
 * Settings that differ from one in one parameter (and in what comes into or out of use by it), or in how two
 * parts of a mixture share their sum. All can be made; constraints are not looked at.
 *
 * @param radius - how far to go, as a share of each parameter's range; parameters with steps go at least one
 */
export function neighboursOf(space: Space, setting: Setting, radius: number): Setting[] {
  const mixed = new Set(space.mixtures.flatMap(({ parameters }) => parameters));
  const found: Setting[] = [];
  for (const parameter of freeParameters(space)) {
    if (mixed.has(parameter.name)) continue;
    for (const value of valuesNear(parameter, setting[parameter.name] as number | string, radius)) {
      const near = settle(space, { ...setting, [parameter.name]: value });
      // A parameter at rest comes back to where it was.
      if (near[parameter.name] === value) found.push(near);
    }
  }
  for (const mixture of space.mixtures)
    for (const near of exchanges(space, mixture, setting, radius)) found.push(settle(space, near));
  return found;
}

function valuesNear(
  parameter: Exclude<Parameter, { kind: "constant" }>,
  value: number | string,
  radius: number,
): (number | string)[] {
  if (parameter.kind === "categorical") return parameter.choices.filter((choice) => choice !== value);
  const place = toUnit(parameter, value as number);
  const least = parameter.kind === "continuous" ? 0 : 1 / Math.max(1, valueCount(parameter) - 1);
  const near = [-1, 1].map((side) =>
    makeable(parameter, fromUnit(parameter, clampPlace(place + side * Math.max(radius, least)))),
  );
  if (parameter.kind === "ordinal") near.push(...levelsBeside(parameter.levels, value as number));
  if (parameter.kind === "integer")
    near.push(...[-1, 1].map((step) => makeable(parameter, (value as number) + step)));
  return [...new Set(near)].filter((each) => each !== value);
}

function levelsBeside(levels: readonly number[], value: number): number[] {
  const at = levels.indexOf(value);
  return [levels[at - 1], levels[at + 1]].filter((level) => level !== undefined);
}

function clampPlace(place: number): number {
  return Math.min(1, Math.max(0, place));
}
