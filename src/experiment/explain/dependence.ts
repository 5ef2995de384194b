import type { Random } from "../../base/random.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import type { EnsemblePrediction } from "../../hypothesis/surrogate/ensemble.ts";
import { normalQuantile } from "../../numerics/index.ts";
import { valueAt, valueAtPlace, valueCount } from "../space/makeable.ts";
import { freeParameters } from "../space/place-setting.ts";
import { sampleFeasible } from "../space/sample-feasible.ts";
import type { Space } from "../space/space.ts";
import type { Dependence } from "./explanation.ts";

/** Settings of the other parameters that are averaged over. */
const BACKGROUND = 64;
/** Values of a parameter; of a choice all. */
const VALUES = 11;
const HALF_WIDTH_90 = normalQuantile(0.95);

/**
 * Partial dependence: what is expected at values of one parameter when the others are as in settings of the space.
 * Source: Friedman, Greedy function approximation (Annals of Statistics 29, 2001), section 8.2.
 *
 * @param predicted - of a setting, on the scale of the model
 * @param inUnit - a value on the scale of the model in the measurement's unit
 */
export function dependenceOf(
  space: Space,
  predicted: (setting: Setting) => EnsemblePrediction,
  inUnit: (value: number) => number,
  random: Random,
): Dependence[] {
  const background = sampleFeasible(space, BACKGROUND, random);
  return freeParameters(space).map((parameter) => ({
    parameter: parameter.name,
    points: valuesOf(parameter).map((value) => {
      let mean = 0;
      let low = 0;
      let high = 0;
      for (const setting of background) {
        const each = predicted({ ...setting, [parameter.name]: value });
        mean += inUnit(each.mean) / background.length;
        low += inUnit(each.mean - HALF_WIDTH_90 * each.sd) / background.length;
        high += inUnit(each.mean + HALF_WIDTH_90 * each.sd) / background.length;
      }
      return { value, mean, lower: Math.min(low, high), upper: Math.max(low, high) };
    }),
  }));
}

function valuesOf(parameter: Exclude<Parameter, { kind: "constant" }>): (number | string)[] {
  const count = valueCount(parameter);
  if (parameter.kind !== "continuous" && (count <= VALUES || parameter.kind === "categorical"))
    return Array.from({ length: count }, (_, k) => valueAt(parameter, k));
  const places = Array.from({ length: VALUES }, (_, k) => Math.min(k / (VALUES - 1), 1 - 1e-12));
  return [...new Set(places.map((place) => valueAtPlace(parameter, place)))];
}
