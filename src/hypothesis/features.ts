import type { CategoricalParameter, Parameter, Setting } from "./parameter.ts";

/** How settings become points of a unit cube on which distances are meaningful. */
export interface FeatureMap {
  readonly dimension: number;
  /** Which length-scale each feature shares; the features of one choice without descriptors share one. Shape (dimension). */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Writes the features of a setting from `at` on. */
  encode(setting: Setting, into: Float64Array, at: number): void;
  /** Index of the first feature of each parameter that has any, by name. */
  readonly firstFeature: ReadonlyMap<string, number>;
}

/** Decades over which levels must spread before their logarithm is the better measure of distance. */
const LOG_LEVELS_FROM = 100;

/**
 * Builds the map from settings to features: numbers by their place between the limits (of their logarithms,
 * where the scale says so), choices by their descriptors or one-hot, constants not at all.
 */
export function featureMap(parameters: readonly Parameter[]): FeatureMap {
  const groups: number[] = [];
  const firstFeature = new Map<string, number>();
  const writers: ((setting: Setting, into: Float64Array, at: number) => void)[] = [];
  let groupCount = 0;
  for (const parameter of parameters) {
    if (parameter.kind === "constant") continue;
    const first = groups.length;
    firstFeature.set(parameter.name, first);
    if (parameter.kind === "categorical") {
      const table = choiceTable(parameter);
      for (let k = 0; k < table.width; k++) groups.push(table.shared ? groupCount : groupCount + k);
      groupCount += table.shared ? 1 : table.width;
      writers.push((setting, into, at) => into.set(rowOf(table, parameter, setting), at + first));
    } else {
      groups.push(groupCount++);
      writers.push((setting, into, at) => {
        into[at + first] = toUnit(parameter, setting[parameter.name] as number);
      });
    }
  }
  return {
    dimension: groups.length,
    groups: Int32Array.from(groups),
    groupCount,
    firstFeature,
    encode: (setting, into, at) => {
      for (const write of writers) write(setting, into, at);
    },
  };
}

/**
 * Features of many settings.
 *
 * @returns row after row; shape (settings × dimension)
 */
export function encodeAll(map: FeatureMap, settings: readonly Setting[]): Float64Array {
  const features = new Float64Array(settings.length * map.dimension);
  for (const [i, setting] of settings.entries()) map.encode(setting, features, i * map.dimension);
  return features;
}

/** A parameter whose values are numbers. */
export type NumericParameter = Exclude<Parameter, { kind: "categorical" | "constant" }>;

/** Place of a value between its parameter's limits: 0 at the minimum, 1 at the maximum. */
export function toUnit(parameter: NumericParameter, value: number): number {
  const { minimum, maximum, log } = scaleOf(parameter);
  if (maximum === minimum) return 0;
  return log
    ? Math.log(value / minimum) / Math.log(maximum / minimum)
    : (value - minimum) / (maximum - minimum);
}

/** The value at a place between the limits; not rounded to what can be made. */
export function fromUnit(parameter: NumericParameter, place: number): number {
  const { minimum, maximum, log } = scaleOf(parameter);
  return log ? minimum * (maximum / minimum) ** place : minimum + place * (maximum - minimum);
}

function scaleOf(parameter: NumericParameter): { minimum: number; maximum: number; log: boolean } {
  switch (parameter.kind) {
    case "continuous":
    case "integer":
      return {
        minimum: parameter.minimum,
        maximum: parameter.maximum,
        log: parameter.scale === "log" && parameter.minimum > 0,
      };
    case "stepped":
      return { minimum: parameter.minimum, maximum: parameter.maximum, log: false };
    case "ordinal": {
      const minimum = Math.min(...parameter.levels);
      const maximum = Math.max(...parameter.levels);
      return { minimum, maximum, log: minimum > 0 && maximum / minimum >= LOG_LEVELS_FROM };
    }
  }
}

interface ChoiceTable {
  readonly width: number;
  readonly shared: boolean;
  readonly rows: ReadonlyMap<string, Float64Array>;
}

function choiceTable(parameter: CategoricalParameter): ChoiceTable {
  return parameter.descriptors === undefined
    ? oneHotTable(parameter.choices)
    : descriptorTable(parameter.choices, parameter.descriptors);
}

/** √½ puts two different choices at distance 1. */
function oneHotTable(choices: readonly string[]): ChoiceTable {
  const rows = choices.map((choice, k) => {
    const row = new Float64Array(choices.length);
    row[k] = Math.SQRT1_2;
    return [choice, row] as const;
  });
  return { width: choices.length, shared: true, rows: new Map(rows) };
}

/** Most descriptors that get a length-scale each; more share one, since few data can't tell them apart. */
const OWN_LENGTH_UP_TO = 4;

/** Each descriptor scaled to 0 … 1 over the choices; where they share a length-scale, to a diagonal of 1. */
function descriptorTable(
  choices: readonly string[],
  descriptors: Readonly<Record<string, readonly number[]>>,
): ChoiceTable {
  const width = descriptors[choices[0] as string]?.length ?? 0;
  const shared = width > OWN_LENGTH_UP_TO;
  const rows = new Map(choices.map((choice) => [choice, new Float64Array(width)]));
  for (let k = 0; k < width; k++) {
    const values = choices.map((choice) => descriptors[choice]?.[k] ?? 0);
    const least = Math.min(...values);
    const range = Math.max(...values) - least;
    for (const [i, choice] of choices.entries()) {
      const share = range === 0 ? 0 : ((values[i] as number) - least) / range;
      (rows.get(choice) as Float64Array)[k] = shared ? share / Math.sqrt(width) : share;
    }
  }
  return { width, shared, rows };
}

function rowOf(table: ChoiceTable, parameter: CategoricalParameter, setting: Setting): Float64Array {
  const choice = setting[parameter.name];
  const row = table.rows.get(String(choice));
  if (row === undefined)
    throw new RangeError(
      `"${choice}" is no choice of "${parameter.name}"; choices are ${parameter.choices.join(", ")}`,
    );
  return row;
}
