import { type FeatureMap, featureMap } from "../../../hypothesis/features.ts";
import type { Parameter, Setting } from "../../../hypothesis/parameter.ts";
import { settingKey } from "../../space/setting-key.ts";
import type { Space } from "../../space/space.ts";
import { spaceFeatures } from "../../space/space-features.ts";

/** A list of settings in the form in which decisions look at it. */
export interface ListedSettings {
  readonly map: FeatureMap;
  /** Features of every row under the present context; shape (rows × dimension). */
  readonly features: Float64Array;
  /** A row with the present context. */
  settingOf(row: number): Setting;
  /**
   * Rows that settings stand for, each for one: of equal rows the first that is left. What was observed as context is
   * not looked at, and settings that aren't in the list stand for none.
   */
  rowsOf(settings: readonly Setting[]): number[];
}

/** What is kept of a list between decisions. */
interface Encoded {
  readonly map: FeatureMap;
  readonly features: Float64Array;
  /** Features of each row in one number, by which rows that may be equal are found. */
  readonly marks: Float64Array;
  readonly parameters: readonly Parameter[];
  readonly symmetries: Space["symmetries"];
  readonly context: string;
}

/** A campaign keeps its list, and its context changes now and then: the latest one is kept. */
const encodings = new WeakMap<readonly Setting[], Encoded>();

/** A list of settings, encoded once. */
export function listedSettings(rows: readonly Setting[], space: Space): ListedSettings {
  const { parameters, symmetries, pinned } = space;
  const withContext = (setting: Setting): Setting =>
    pinned === undefined ? setting : { ...setting, ...pinned };
  const context = JSON.stringify(pinned ?? null);
  const known = encodings.get(rows);
  const fits =
    known?.parameters === parameters && known.symmetries === symmetries && known.context === context;
  const encoded =
    known !== undefined && fits
      ? known
      : { ...encode(rows, spaceFeatures(space), withContext), parameters, symmetries, context };
  encodings.set(rows, encoded);
  return {
    map: encoded.map,
    features: encoded.features,
    settingOf: (row) => withContext(rows[row] as Setting),
    rowsOf: (settings) => matching(rows, encoded, settings, withContext),
  };
}

/**
 * Rows that hold the setting of another row before them, and the first such row.
 *
 * @param space - whose parameters all have a value in every row
 */
export function repeatsIn(
  rows: readonly Setting[],
  space: Pick<Space, "parameters">,
): { readonly row: number; readonly of: number }[] {
  const { marks } = encode(rows, featureMap(space.parameters), (setting) => setting);
  const names = space.parameters.map(({ name }) => name);
  const first = new Map<number, number>();
  return rows.flatMap((setting, row) => {
    const of = first.get(marks[row] as number);
    if (of === undefined) first.set(marks[row] as number, row);
    const other = rows[of ?? row] as Setting;
    return of !== undefined && names.every((name) => setting[name] === other[name]) ? [{ row, of }] : [];
  });
}

function encode(
  rows: readonly Setting[],
  map: FeatureMap,
  withContext: (setting: Setting) => Setting,
): Pick<Encoded, "map" | "features" | "marks"> {
  const { dimension } = map;
  const features = new Float64Array(rows.length * dimension);
  const marks = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    map.encode(withContext(rows[row] as Setting), features, row * dimension);
    marks[row] = markOf(features, row * dimension, dimension);
  }
  return { map, features, marks };
}

/** Weights without whole ratios (multiples of the golden section), so that few different rows have one mark. */
function markOf(features: Float64Array, at: number, dimension: number): number {
  let mark = 0;
  for (let d = 0; d < dimension; d++)
    mark += (0.5 + (((d + 1) * 0.6180339887498949) % 1)) * (features[at + d] as number);
  return mark;
}

/** How far marks of equal settings may be apart: values agree to 12 digits, features are about 1. */
const ROUNDING = 1e-9;

interface Sought {
  readonly mark: number;
  readonly key: string;
  taken: boolean;
}

function matching(
  rows: readonly Setting[],
  { map, marks, parameters }: Encoded,
  settings: readonly Setting[],
  withContext: (setting: Setting) => Setting,
): number[] {
  const keyOf = keyFor(parameters);
  const features = new Float64Array(map.dimension);
  const sought = settings
    .map((setting): Sought => {
      map.encode(withContext(setting), features, 0);
      return { mark: markOf(features, 0, map.dimension), key: keyOf(setting), taken: false };
    })
    .sort((a, b) => a.mark - b.mark);
  const sorted = Float64Array.from(sought, ({ mark }) => mark);
  const found: number[] = [];
  for (let row = 0; row < rows.length; row++) {
    const mark = marks[row] as number;
    let key: string | undefined;
    for (let k = firstFrom(sorted, mark - ROUNDING); (sorted[k] as number) <= mark + ROUNDING; k++) {
      const each = sought[k] as Sought;
      if (each.taken) continue;
      key ??= keyOf(rows[row] as Setting);
      if (each.key !== key) continue;
      each.taken = true;
      found.push(row);
      break;
    }
  }
  return found;
}

/** Index of the first number that is at least `least`. */
function firstFrom(sorted: Float64Array, least: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Constants are the same in every setting. */
function keyFor(parameters: readonly Parameter[]): (setting: Setting) => string {
  const names = parameters.flatMap((each) =>
    each.kind === "constant" || each.context === true ? [] : [each.name],
  );
  return (setting) => settingKey(Object.fromEntries(names.map((name) => [name, setting[name] ?? ""])));
}
