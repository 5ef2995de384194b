import { fromUnit, toUnit } from "../../hypothesis/features.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { valueAtPlace, valueCount } from "./makeable.ts";
import { ABSENT, amountsNear, type Component, roughAmountsNear } from "./mixture-amounts.ts";
import type { Relaxation } from "./relaxation.ts";
import { settle } from "./settle.ts";

/** A point of a relaxation. */
export interface RelaxedPoint {
  /** Shape (dimension); what is not present has the coordinate of an amount of 0. */
  readonly y: Float64Array;
  /** 0 for parts that are not there; shape (dimension). */
  readonly present: Uint8Array;
  /** One of each categorical parameter. */
  readonly choices: string[];
}

/** The setting that a point rounds to; undefined where a mixture can't be made up on its steps. */
export function settingOf(relaxation: Relaxation, point: RelaxedPoint): Setting | undefined {
  return settingFrom(relaxation, point, valueAtPlace, false);
}

/** The same for looking at constraints only: continuous values aren't rounded to 12 digits, which takes most of the time. */
export function roughSettingOf(relaxation: Relaxation, point: RelaxedPoint): Setting | undefined {
  return settingFrom(relaxation, point, roughValue, true);
}

function roughValue(parameter: Parameter, place: number): number | string {
  return parameter.kind === "continuous" ? fromUnit(parameter, place) : valueAtPlace(parameter, place);
}

function settingFrom(
  relaxation: Relaxation,
  { y, present, choices }: RelaxedPoint,
  valueOf: (parameter: Parameter, place: number) => number | string,
  rough: boolean,
): Setting | undefined {
  const { space, numeric, categorical, mixtures, mixtureOf } = relaxation;
  const setting: Record<string, number | string> = {};
  for (const [k, { name }] of categorical.entries()) setting[name] = choices[k] as string;
  for (const [i, parameter] of numeric.entries()) {
    if (mixtureOf[i] === -1)
      setting[parameter.name] = valueOf(parameter, Math.min(y[i] as number, 1 - 1e-12));
  }
  for (const { mixture, indices, components, continuous, total } of mixtures) {
    const wanted = components.map(
      ({ minimum, maximum }, k) => minimum + (maximum - minimum) * (y[indices[k] as number] as number),
    );
    const there = components.map((component, k) =>
      present[indices[k] as number] === 1 ? component : ABSENT,
    );
    const near = rough ? roughAmountsNear : amountsNear;
    const amounts = rough && continuous ? wanted : near(there, total, wanted);
    if (amounts === undefined) return undefined;
    for (const [k, name] of mixture.parameters.entries()) setting[name] = amounts[k] as number;
  }
  // Constants and context are put in here.
  return settle(space, setting);
}

/** A point that rounds to a setting. */
export function pointAt(relaxation: Relaxation, setting: Setting): RelaxedPoint {
  const { numeric, categorical, mixtures } = relaxation;
  const y = Float64Array.from(numeric, (parameter) => {
    const value = Number(setting[parameter.name]);
    if (parameter.kind === "continuous") return Math.min(1, Math.max(0, toUnit(parameter, value)));
    if (parameter.kind === "integer" && parameter.scale === "log" && parameter.minimum > 0)
      return toUnit(parameter, value);
    const index =
      parameter.kind === "ordinal"
        ? parameter.levels.indexOf(value)
        : (value - parameter.minimum) / (parameter.kind === "stepped" ? parameter.step : 1);
    return (index + 0.5) / valueCount(parameter);
  });
  const present = new Uint8Array(numeric.length).fill(1);
  for (const { mixture, indices, components } of mixtures) {
    for (const [k, component] of components.entries()) {
      const amount = Number(setting[mixture.parameters[k] as string]);
      const i = indices[k] as number;
      if (mixture.atMost !== undefined && amount === 0) present[i] = 0;
      y[i] = mixedCoordinate(component, amount);
    }
  }
  return { y, present, choices: categorical.map(({ name }) => String(setting[name])) };
}

/** The coordinate of an amount. */
export function mixedCoordinate({ minimum, maximum }: Component, amount: number): number {
  return (amount - minimum) / (maximum - minimum);
}
