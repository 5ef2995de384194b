import { cos, log, pow, sin } from "../numerics/index.ts";
import type { CategoricalParameter, Parameter, Setting } from "./parameter.ts";
import { alikeParameters, representative, type Symmetry } from "./symmetry.ts";

/** How settings become points of a unit cube on which distances are meaningful. */
export interface FeatureMap {
  readonly dimension: number;
  /** Which length-scale each feature shares; the features of one choice without descriptors share one. Shape (dimension). */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Writes the features of a setting from `at` on. */
  encode(setting: Setting, into: Float64Array, at: number): void;
  /** Indices of the features of each parameter that has any, by name. */
  readonly featuresOf: ReadonlyMap<string, readonly number[]>;
  /** Features that are the place of a number between its limits. */
  readonly numbers: readonly number[];
}

/** Decades over which levels must spread before their logarithm is the better measure of distance. */
const LOG_LEVELS_FROM = 100;

/**
 * Builds the map from settings to features: numbers by their place between the limits (of their logarithms,
 * where the scale says so), choices by their descriptors or one-hot, periodic numbers as points of a circle, constants
 * not at all. Settings that are the same by symmetry have the same features.
 */
export function featureMap(
  parameters: readonly Parameter[],
  symmetries: readonly Symmetry[] = [],
): FeatureMap {
  const groups: number[] = [];
  const featuresOf = new Map<string, readonly number[]>();
  const parts: Part[] = [];
  let groupCount = 0;
  for (const parameter of parameters) {
    if (parameter.kind === "constant") continue;
    const part = partOf(parameter, symmetries);
    parts.push(part);
    featuresOf.set(
      parameter.name,
      Array.from({ length: part.width }, (_, k) => groups.length + k),
    );
    for (let k = 0; k < part.width; k++) groups.push(part.shared ? groupCount : groupCount + k);
    groupCount += part.shared ? Math.min(1, part.width) : part.width;
  }
  const placesOf = ({ name }: Part): readonly number[] => featuresOf.get(name) as readonly number[];
  const places = parts.map((part) => placesOf(part)[0] ?? 0);
  const merged = withSharedLengths(groups, featuresOf, symmetries);
  return {
    dimension: groups.length,
    ...merged,
    featuresOf,
    numbers: parts.filter(({ isNumber }) => isNumber).flatMap(placesOf),
    encode: (setting, into, at) => {
      const own = symmetries.length === 0 ? setting : representative(symmetries, setting);
      for (const [k, part] of parts.entries()) part.write(own, into, at + (places[k] as number));
    },
  };
}

/** The features of one parameter. */
interface Part {
  readonly name: string;
  readonly width: number;
  /** Whether its features have one length-scale together. */
  readonly shared: boolean;
  /** Whether its feature is the place of a number between its limits. */
  readonly isNumber: boolean;
  write(setting: Setting, into: Float64Array, at: number): void;
}

function partOf(parameter: Exclude<Parameter, { kind: "constant" }>, symmetries: readonly Symmetry[]): Part {
  const { name } = parameter;
  if (parameter.kind === "categorical") {
    const table = choiceTable(parameter);
    const { width, shared } = table;
    return {
      name,
      width,
      shared,
      isNumber: false,
      write: (setting, into, at) => into.set(rowOf(table, parameter, setting), at),
    };
  }
  const round = symmetries.find((each) => each.kind === "period" && each.parameter === name);
  if (round?.kind === "period") return circle(name, round.period);
  return {
    name,
    width: 1,
    shared: false,
    isNumber: true,
    write: (setting, into, at) => {
      into[at] = toUnit(parameter, setting[name] as number);
    },
  };
}

/** A periodic number as a point of a circle of diameter 1: a stationary kernel of it is a periodic kernel. */
function circle(name: string, period: number): Part {
  return {
    name,
    width: 2,
    shared: true,
    isNumber: false,
    write: (setting, into, at) => {
      const angle = (2 * Math.PI * Number(setting[name])) / period;
      into[at] = 0.5 * cos(angle);
      into[at + 1] = 0.5 * sin(angle);
    },
  };
}

/** Gives parameters that change places one length-scale, and numbers the groups anew. */
function withSharedLengths(
  groups: readonly number[],
  featuresOf: ReadonlyMap<string, readonly number[]>,
  symmetries: readonly Symmetry[],
): { groups: Int32Array; groupCount: number } {
  const own = [...groups];
  for (const alike of alikeParameters(symmetries)) {
    const members = alike.map((name) => featuresOf.get(name) ?? []);
    const [first = []] = members;
    for (const member of members)
      for (const [k, feature] of member.entries()) own[feature] = own[first[k] as number] as number;
  }
  const numbers = [...new Set(own)].sort((a, b) => a - b);
  return { groups: Int32Array.from(own, (group) => numbers.indexOf(group)), groupCount: numbers.length };
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
  const { minimum, maximum, isLog } = scaleOf(parameter);
  if (maximum === minimum) return 0;
  return isLog ? log(value / minimum) / log(maximum / minimum) : (value - minimum) / (maximum - minimum);
}

/** The value at a place between the limits; not rounded to what can be made. */
export function fromUnit(parameter: NumericParameter, place: number): number {
  const { minimum, maximum, isLog } = scaleOf(parameter);
  return isLog ? minimum * pow(maximum / minimum, place) : minimum + place * (maximum - minimum);
}

function scaleOf(parameter: NumericParameter): { minimum: number; maximum: number; isLog: boolean } {
  switch (parameter.kind) {
    case "continuous":
    case "integer":
      return {
        minimum: parameter.minimum,
        maximum: parameter.maximum,
        isLog: parameter.scale === "log" && parameter.minimum > 0,
      };
    case "stepped":
      return { minimum: parameter.minimum, maximum: parameter.maximum, isLog: false };
    case "ordinal": {
      const minimum = Math.min(...parameter.levels);
      const maximum = Math.max(...parameter.levels);
      return { minimum, maximum, isLog: minimum > 0 && maximum / minimum >= LOG_LEVELS_FROM };
    }
  }
}

interface ChoiceTable {
  readonly width: number;
  readonly shared: boolean;
  readonly rows: ReadonlyMap<string, Float64Array>;
}

/** Maps are built several times in a decision, and there may be thousands of choices. */
const tables = new WeakMap<CategoricalParameter, ChoiceTable>();

function choiceTable(parameter: CategoricalParameter): ChoiceTable {
  const known = tables.get(parameter);
  if (known !== undefined) return known;
  const { choices, descriptors, embedded } = parameter;
  const table =
    descriptors === undefined
      ? oneHotTable(choices)
      : embedded === true
        ? embeddedTable(choices, descriptors)
        : descriptorTable(choices, descriptors);
  tables.set(parameter, table);
  return table;
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

/** Descriptors as they are, but for one factor that gives the box around them a diagonal of 1. */
function embeddedTable(
  choices: readonly string[],
  descriptors: Readonly<Record<string, readonly number[]>>,
): ChoiceTable {
  const rows = choices.map((choice) => descriptors[choice] ?? []);
  const width = rows[0]?.length ?? 0;
  let square = 0;
  for (let k = 0; k < width; k++) {
    let [least, most] = [Infinity, -Infinity];
    for (const row of rows) {
      least = Math.min(least, row[k] as number);
      most = Math.max(most, row[k] as number);
    }
    square += (most - least) * (most - least);
  }
  const factor = square === 0 ? 0 : 1 / Math.sqrt(square);
  return {
    width,
    shared: true,
    rows: new Map(choices.map((choice, i) => [choice, Float64Array.from(rows[i] ?? [], (x) => x * factor)])),
  };
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
