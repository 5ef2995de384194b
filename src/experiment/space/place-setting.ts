import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { totalOf } from "./feasibility.ts";
import { valueAtPlace } from "./makeable.ts";
import { type Component, mixtureAmounts } from "./mixture-amounts.ts";
import type { Space } from "./space.ts";

/** Parameters that a setting can differ in. */
export function freeParameters(space: Space): Exclude<Parameter, { kind: "constant" }>[] {
  return space.parameters.filter((parameter) => parameter.kind !== "constant");
}

/**
 * The setting at a point of the unit cube, with mixtures that add up; constraints are not looked at.
 *
 * @param places - one number in [0, 1) per free parameter
 * @returns undefined where a mixture can't be made up from here
 */
export function settingAt(space: Space, places: ArrayLike<number>): Setting | undefined {
  const setting: Record<string, number | string> = {};
  let at = 0;
  const placeOf = new Map<string, number>();
  for (const parameter of space.parameters) {
    const place = parameter.kind === "constant" ? 0 : (places[at++] as number);
    placeOf.set(parameter.name, place);
    setting[parameter.name] = valueAtPlace(parameter, place);
  }
  for (const mixture of space.mixtures) {
    const mixed = mixture.parameters.slice(0, -1).map((name) => placeOf.get(name) ?? 0);
    const amounts = mixtureAmounts(componentsOf(space, mixture.parameters), totalOf(space, mixture), mixed);
    if (amounts === undefined) return undefined;
    for (const [i, name] of mixture.parameters.entries()) setting[name] = amounts[i] as number;
  }
  return setting;
}

/** The limits and steps of the parts of a mixture. */
export function componentsOf(space: Space, names: readonly string[]): Component[] {
  return names.map((name) => {
    const parameter = space.parameters.find((each) => each.name === name);
    if (parameter?.kind === "stepped" || parameter?.kind === "continuous") return parameter;
    throw new RangeError(`"${name}" can't be part of a mixture; it must be continuous or stepped`);
  });
}
