import { tidy } from "../../base/unit.ts";
import { fromUnit, type NumericParameter } from "../../hypothesis/features.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";

/** Number of whole steps from the minimum to the last value that can be made. */
export function stepCount(parameter: { minimum: number; maximum: number; step: number }): number {
  return Math.floor((parameter.maximum - parameter.minimum) / parameter.step + 1e-9);
}

/** Value after k whole steps, free of accumulated rounding. */
export function steppedValue(parameter: { minimum: number; step: number }, k: number): number {
  return tidy(parameter.minimum + k * parameter.step);
}

/** Number of values that a parameter can take; ∞ for a continuous one. */
export function valueCount(parameter: Parameter): number {
  switch (parameter.kind) {
    case "continuous":
      return Infinity;
    case "stepped":
      return stepCount(parameter) + 1;
    case "integer":
      return parameter.maximum - parameter.minimum + 1;
    case "ordinal":
      return parameter.levels.length;
    case "categorical":
      return parameter.choices.length;
    case "constant":
      return 1;
  }
}

/** The value with an index, 0 … {@link valueCount} - 1; only for parameters that aren't continuous. */
export function valueAt(
  parameter: Exclude<Parameter, { kind: "continuous" }>,
  index: number,
): number | string {
  switch (parameter.kind) {
    case "stepped":
      return steppedValue(parameter, index);
    case "integer":
      return parameter.minimum + index;
    case "ordinal":
      return parameter.levels[index] as number;
    case "categorical":
      return parameter.choices[index] as string;
    case "constant":
      return parameter.value;
  }
}

/** The nearest value that can be made: between the limits, on a step, a whole number or a level. */
export function makeable(parameter: NumericParameter, value: number): number {
  switch (parameter.kind) {
    case "continuous":
      return tidy(clamp(value, parameter.minimum, parameter.maximum));
    case "stepped": {
      const k = Math.round((value - parameter.minimum) / parameter.step);
      return steppedValue(parameter, clamp(k, 0, stepCount(parameter)));
    }
    case "integer":
      return clamp(Math.round(value), parameter.minimum, parameter.maximum);
    case "ordinal":
      return parameter.levels.reduce((best, level) =>
        Math.abs(level - value) < Math.abs(best - value) ? level : best,
      );
  }
}

/**
 * The value at a place in [0, 1) along a parameter; places of equal length have equally many values
 * (of equal logarithms, where the scale says so).
 */
export function valueAtPlace(parameter: Parameter, place: number): number | string {
  if (parameter.kind === "continuous") return makeable(parameter, fromUnit(parameter, place));
  if (parameter.kind === "integer" && parameter.scale === "log" && parameter.minimum > 0)
    return makeable(parameter, fromUnit(parameter, place));
  return valueAt(parameter, Math.min(valueCount(parameter) - 1, Math.floor(place * valueCount(parameter))));
}

/** Whether a value can be made as it is. */
export function isMakeable(parameter: Parameter, value: number | string | undefined): boolean {
  if (parameter.kind === "categorical") return parameter.choices.includes(String(value));
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  const nearest = parameter.kind === "constant" ? parameter.value : makeable(parameter, value);
  return Math.abs(nearest - value) <= 1e-9 * Math.max(Math.abs(value), Math.abs(nearest));
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(Math.max(value, minimum), maximum);
}
