import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { totalOf } from "./feasibility.ts";
import { valueAtPlace } from "./makeable.ts";
import { type Component, mixtureAmounts } from "./mixture-amounts.ts";
import { presentParts } from "./present-parts.ts";
import { settle } from "./settle.ts";
import type { Space } from "./space.ts";

/** Parameters that may be chosen: neither constant nor context. */
export function freeParameters(space: Space): Exclude<Parameter, { kind: "constant" }>[] {
  return variedParameters(space).filter(({ context }) => context !== true);
}

/** Parameters that settings of the space differ in: the free ones, and context that isn't pinned. */
export function variedParameters(space: Space): Exclude<Parameter, { kind: "constant" }>[] {
  return space.parameters.filter(
    (parameter): parameter is Exclude<Parameter, { kind: "constant" }> =>
      parameter.kind !== "constant" && space.pinned?.[parameter.name] === undefined,
  );
}

/** The way from points of the unit cube to settings. */
export interface Placer {
  /** Places that it asks for: one of each parameter that varies, one of each mixture with few parts. */
  readonly width: number;
  /**
   * The setting at a point, with mixtures that add up and parameters at rest where their condition doesn't hold;
   * constraints are not looked at.
   *
   * @param places - numbers in [0, 1); shape (width)
   * @returns undefined where a mixture can't be made up from here
   */
  settingAt(places: readonly number[]): Setting | undefined;
}

/** The way from points of the unit cube to the settings of a space. */
export function placerOf(space: Space): Placer {
  const varied = variedParameters(space);
  const mixed = new Set(space.mixtures.flatMap(({ parameters }) => parameters));
  const indexOf = new Map(varied.map(({ name }, k) => [name, k]));
  const mixtures = space.mixtures.map((mixture) => ({
    ...mixture,
    components: componentsOf(space, mixture.parameters),
    total: totalOf(space, mixture),
  }));
  return {
    width: varied.length + mixtures.filter(({ atMost }) => atMost !== undefined).length,
    settingAt: (places) => {
      const setting: Record<string, number | string> = {};
      for (const [k, parameter] of varied.entries())
        if (!mixed.has(parameter.name))
          setting[parameter.name] = valueAtPlace(parameter, places[k] as number);
      let at = varied.length;
      for (const mixture of mixtures) {
        const own = mixture.parameters.map((name) => places[indexOf.get(name) as number] as number);
        const count = mixture.atMost === undefined ? 0 : (places[at++] as number);
        const amounts = amountsAt(mixture, own, count);
        if (amounts === undefined) return undefined;
        for (const [i, name] of mixture.parameters.entries()) setting[name] = amounts[i] as number;
      }
      // Constants and context are put in here.
      return settle(space, setting);
    },
  };
}

interface PlacedMixture {
  readonly components: readonly Component[];
  readonly total: number;
  readonly atMost?: number;
}

function amountsAt(
  { components, total, atMost }: PlacedMixture,
  places: readonly number[],
  count: number,
): number[] | undefined {
  if (atMost === undefined) return mixtureAmounts(components, total, places.slice(0, -1));
  const parts = presentParts(components, total, { atMost, places, count });
  if (parts === undefined) return undefined;
  const present = parts.indices.map((i) => components[i] as Component);
  const amounts = mixtureAmounts(present, total, parts.places.slice(0, -1));
  return amounts && components.map((_, i) => amounts[parts.indices.indexOf(i)] ?? 0);
}

/** The limits and steps of the parts of a mixture. */
export function componentsOf(space: Space, names: readonly string[]): Component[] {
  return names.map((name) => {
    const parameter = space.parameters.find((each) => each.name === name);
    if (parameter?.kind === "stepped" || parameter?.kind === "continuous") return parameter;
    throw new RangeError(`"${name}" can't be part of a mixture; it must be continuous or stepped`);
  });
}
