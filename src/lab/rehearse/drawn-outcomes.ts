import { randomStream } from "../../base/random.ts";
import { tidy } from "../../base/unit.ts";
import { spaceFeatures } from "../../experiment/space/space-features.ts";
import { nearestRow } from "../../hypothesis/nearest-row.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { LoopDefinition, MeasurementDefinition } from "../../loop/definition.ts";
import type { Measured } from "../../loop/measure.ts";
import { isDrawn, type OutcomeModel } from "./outcome-model.ts";
import { type DrawnFunction, drawnFrom, type Scale, USUAL_NOISE } from "./prior-draw.ts";

/** What an experiment measures where nothing is simulated that it could look at. */
export type DrawnOutcomes = (experiment: number, setting: Setting) => Measured;

/**
 * The outcomes of one night: each measurement is a function of the setting, drawn once, and noise.
 *
 * @param seed - of the night
 * @returns undefined where what simulated instruments read counts
 */
export function drawnOutcomes(
  model: OutcomeModel,
  definition: Pick<LoopDefinition, "problem" | "measurements">,
  seed: number,
): DrawnOutcomes | undefined {
  if (!isDrawn(model)) return undefined;
  const functions = definition.measurements.map((measurement) => ({
    measurement,
    drawn:
      (model.kind === "earlier results" ? earlierResult(definition, measurement) : undefined) ??
      drawnFrom(definition.problem, quantityOf(measurement), scaleOf(measurement), seed),
  }));
  return (experiment, setting) => {
    const values: Record<string, Measured["values"][string]> = {};
    const unusable: string[] = [];
    for (const { measurement, drawn } of functions) {
      const { name, unit, minimum = -Infinity, maximum = Infinity } = measurement;
      const random = randomStream(seed, experiment, `outcome ${name}`);
      const value = drawn.value(setting) + drawn.noise * random.normal();
      if (!Number.isFinite(value)) unusable.push(`${name}: what was drawn has no value at this setting`);
      else
        values[name] = {
          value: tidy(Math.min(Math.max(value, minimum), maximum)),
          unit: unit.symbol,
          standardUncertainty: tidy(drawn.noise),
        };
    }
    return { values, unusable };
  };
}

function quantityOf({ name, unit, noise }: MeasurementDefinition) {
  return { name, unit: unit.symbol, ...(noise !== undefined && { noise }) };
}

/** Twice the spread lies to either side within the limits of a measurement. */
const LIMITS = 2;

/**
 * What values of a measurement could be about: between its limits, or so much larger than its noise as is usual.
 */
export function scaleOf({ minimum, maximum, noise = 0 }: MeasurementDefinition): Scale {
  if (minimum !== undefined && maximum !== undefined && maximum > minimum)
    return { middle: (minimum + maximum) / 2, spread: (maximum - minimum) / 2 / LIMITS };
  const spread = noise > 0 ? noise / USUAL_NOISE : 1;
  if (minimum !== undefined) return { middle: minimum + LIMITS * spread, spread };
  if (maximum !== undefined) return { middle: maximum - LIMITS * spread, spread };
  return { middle: 0, spread };
}

/** The earlier result that is nearest; undefined where none has the measurement. */
function earlierResult(
  { problem }: Pick<LoopDefinition, "problem">,
  { name, noise = 0 }: MeasurementDefinition,
): DrawnFunction | undefined {
  const known = (problem.earlier ?? []).flat().flatMap((each) => valueIn(each, name));
  if (known.length === 0) return undefined;
  const map = spaceFeatures(problem.space);
  const features = new Float64Array(known.length * map.dimension);
  for (const [row, { setting }] of known.entries()) map.encode(setting, features, row * map.dimension);
  const point = new Float64Array(map.dimension);
  return {
    value: (setting) => {
      map.encode(setting, point, 0);
      return known[nearestRow(features, known.keys(), point)?.row ?? -1]?.value ?? Number.NaN;
    },
    noise,
  };
}

function valueIn({ setting, outcome }: Observation, name: string): { setting: Setting; value: number }[] {
  const value = outcome.kind === "measured" ? outcome.values[name]?.value : undefined;
  return value === undefined || !Number.isFinite(value) ? [] : [{ setting, value }];
}
