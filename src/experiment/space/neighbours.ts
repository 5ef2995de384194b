import { tidy } from "../../base/unit.ts";
import { fromUnit, toUnit } from "../../hypothesis/features.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { makeable, valueCount } from "./makeable.ts";
import { componentsOf, freeParameters } from "./place-setting.ts";
import type { Space } from "./space.ts";

/**
 * Settings that differ from one in one parameter, or in how two parts of a mixture share their sum.
 * Constraints are not looked at.
 *
 * @param radius - how far to go, as a share of each parameter's range; parameters with steps go at least one
 */
export function neighboursOf(space: Space, setting: Setting, radius: number): Setting[] {
  const mixed = new Set(space.mixtures.flatMap(({ parameters }) => parameters));
  const found: Setting[] = [];
  for (const parameter of freeParameters(space)) {
    if (mixed.has(parameter.name)) continue;
    for (const value of valuesNear(parameter, setting[parameter.name] as number | string, radius))
      found.push({ ...setting, [parameter.name]: value });
  }
  for (const { parameters } of space.mixtures) found.push(...exchanges(space, parameters, setting, radius));
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

/** Moves an amount from one part to another, in whole steps where there are steps. */
function exchanges(space: Space, names: readonly string[], setting: Setting, radius: number): Setting[] {
  const components = componentsOf(space, names);
  const found: Setting[] = [];
  for (const [i, from] of components.entries()) {
    for (const [j, to] of components.entries()) {
      if (i === j) continue;
      const step = Math.max(from.step ?? 0, to.step ?? 0);
      const wanted = radius * Math.min(from.maximum - from.minimum, to.maximum - to.minimum);
      const amount = step === 0 ? wanted : Math.max(1, Math.round(wanted / step)) * step;
      const less = tidy(Number(setting[names[i] as string]) - amount);
      const more = tidy(Number(setting[names[j] as string]) + amount);
      if (less < from.minimum || more > to.maximum) continue;
      found.push({ ...setting, [names[i] as string]: less, [names[j] as string]: more });
    }
  }
  return found;
}

function clampPlace(place: number): number {
  return Math.min(1, Math.max(0, place));
}
