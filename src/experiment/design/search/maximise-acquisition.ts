import type { Random } from "../../../base/random.ts";
import { encodeAll, type FeatureMap, fromUnit } from "../../../hypothesis/features.ts";
import type { Setting } from "../../../hypothesis/parameter.ts";
import { minimiseInBox } from "../../../numerics/index.ts";
import { enumerateSettings } from "../../space/enumerate-settings.ts";
import { isFeasible } from "../../space/feasibility.ts";
import { makeable } from "../../space/makeable.ts";
import { neighboursOf } from "../../space/neighbours.ts";
import { freeParameters } from "../../space/place-setting.ts";
import { sampleFeasible } from "../../space/sample-feasible.ts";
import { keyIn } from "../../space/setting-key.ts";
import { settle } from "../../space/settle.ts";
import type { Space } from "../../space/space.ts";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { bestOf } from "./best-of.ts";

/** A setting with its acquisition value. */
export interface Candidate {
  readonly setting: Setting;
  readonly value: number;
}

/** Where to look, for what, and what to leave out. */
export interface Search {
  readonly space: Space;
  readonly map: FeatureMap;
  readonly acquisition: Acquisition;
  /** Keys of settings that aren't wanted again. */
  readonly excluded: ReadonlySet<string>;
  /** Good settings near which others may be better. */
  readonly around: readonly Setting[];
  /** How many have ended. */
  readonly experiments: number;
  readonly random: Random;
}

/** Up to this many combinations all are looked at, and in a space that is tried up, twice as many as were tried. */
const ENUMERATED = 2048;
/** Space-filling candidates (BoTorch's default) and how many of them are refined. */
const RAW = 1024;
const REFINED = { withFew: 6, withMany: 3 } as const;
/** Data from which a climb costs so much that fewer of them have to do. */
const MANY = 64;
/** Excluded settings among the best that are passed over before all are looked up. */
const SPARE = 4;

/**
 * The settings with the largest acquisition value: all of them are compared where they are few; otherwise
 * space-filling candidates, then a local search from the best.
 *
 * @returns the best first, at most two; none when every setting is excluded
 */
export function maximiseAcquisition(search: Search): Candidate[] {
  const all = enumerateSettings(search.space, Math.max(ENUMERATED, 2 * search.excluded.size));
  if (all !== undefined) return bestAmong(search, all, 2);
  const climbs = search.experiments < MANY ? REFINED.withFew : REFINED.withMany;
  const sampled = sampleFeasible(search.space, RAW, search.random);
  const near = search.around.flatMap((setting) => neighboursWithin(search, setting));
  const starts = [
    ...bestAmong(search, near, 1),
    // The best of each part, so that the climbs don't all begin on one hill.
    ...partsOf(sampled, climbs - 1).flatMap((part) => bestAmong(search, part, 1)),
  ];
  const refined = starts.map((start) => refine(search, start));
  return distinct(
    search.space,
    [...refined, ...starts].sort((a, b) => b.value - a.value),
  ).slice(0, 2);
}

function neighboursWithin(search: Search, setting: Setting): Setting[] {
  return [0.1, 0.02].flatMap((radius) =>
    neighboursOf(search.space, setting, radius).filter((each) => isFeasible(search.space, each)),
  );
}

function partsOf(settings: readonly Setting[], count: number): Setting[][] {
  const size = Math.max(1, Math.ceil(settings.length / count));
  return Array.from({ length: Math.ceil(settings.length / size) }, (_, k) =>
    settings.slice(k * size, (k + 1) * size),
  );
}

/** The best of the settings that aren't excluded; few are, so that only the best have to be looked up. */
function bestAmong(search: Search, settings: readonly Setting[], most: number): Candidate[] {
  const { map, acquisition, excluded } = search;
  const points = { count: settings.length, dimension: map.dimension, features: encodeAll(map, settings) };
  const wanted = Math.min(settings.length, most + SPARE);
  const left = bestOf(acquisition, points, (row) => settings[row] as Setting, wanted)
    .map(({ row, value }) => ({ setting: settings[row] as Setting, value }))
    .filter(({ setting }) => !excluded.has(keyIn(search.space, setting)));
  if (left.length >= most || wanted === settings.length) return left.slice(0, most);
  const allowed = settings.filter((setting) => !excluded.has(keyIn(search.space, setting)));
  return bestAmong({ ...search, excluded: new Set() }, allowed, most);
}

function valueOf(search: Search, setting: Setting, features: Float64Array): number {
  search.map.encode(setting, features, 0);
  return search.acquisition.value(setting, features);
}

function refine(search: Search, start: Candidate): Candidate {
  const continuous = climbContinuous(search, start);
  return isSmooth(search) ? continuous : climbContinuous(search, climbNeighbours(search, continuous));
}

/** Whether the continuous climb alone reaches every setting. */
function isSmooth({ space, acquisition }: Search): boolean {
  return (
    acquisition.derive !== undefined &&
    space.mixtures.length === 0 &&
    space.constraints.length === 0 &&
    freeParameters(space).every(({ kind }) => kind === "continuous")
  );
}

/** L-BFGS over the continuous parameters outside mixtures, the others held. */
function climbContinuous(search: Search, start: Candidate): Candidate {
  const { space, map, acquisition } = search;
  const { derive } = acquisition;
  const mixed = new Set(space.mixtures.flatMap(({ parameters }) => parameters));
  const moved = freeParameters(space).filter(
    (parameter) => parameter.kind === "continuous" && !mixed.has(parameter.name),
  );
  if (derive === undefined || moved.length === 0) return start;
  const at = moved.map(({ name }) => (map.featuresOf.get(name) as readonly [number])[0]);
  const features = new Float64Array(map.dimension);
  const gradient = new Float64Array(map.dimension);
  map.encode(start.setting, features, 0);
  const { x } = minimiseInBox(
    (x, slope) => {
      for (const [k, index] of at.entries()) features[index] = x[k] as number;
      const value = derive(features, gradient);
      for (const [k, index] of at.entries()) slope[k] = -(gradient[index] as number);
      return -value;
    },
    Float64Array.from(at, (index) => features[index] as number),
    {
      lower: new Float64Array(at.length),
      upper: new Float64Array(at.length).fill(1),
      iterations: 30,
      gradientTolerance: 1e-6,
      valueTolerance: 1e-8,
    },
  );
  const setting: Record<string, number | string> = { ...start.setting };
  for (const [k, parameter] of moved.entries()) {
    if (parameter.kind === "continuous")
      setting[parameter.name] = makeable(parameter, fromUnit(parameter, x[k] as number));
  }
  return better(search, start, setting, features);
}

function better(search: Search, start: Candidate, moved: Setting, features: Float64Array): Candidate {
  const setting = settle(search.space, moved);
  if (!isFeasible(search.space, setting) || search.excluded.has(keyIn(search.space, setting))) return start;
  const value = valueOf(search, setting, features);
  return value > start.value ? { setting, value } : start;
}

/** Evaluations of one local search; ends searches that creep. */
const PATIENCE = 400;
const NEAREST = 2e-3;

/** Goes to whichever neighbour is better, at ever smaller distances. */
function climbNeighbours(search: Search, start: Candidate): Candidate {
  const features = new Float64Array(search.map.dimension);
  let best = start;
  let evaluations = 0;
  for (let radius = 0.25; radius > NEAREST && evaluations < PATIENCE; ) {
    const from = best;
    for (const neighbour of neighboursOf(search.space, from.setting, radius)) {
      evaluations += 1;
      best = better(search, best, neighbour, features);
    }
    if (best === from) radius /= 2;
  }
  return best;
}

function distinct(space: Space, candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ setting }) => {
    const key = keyIn(space, setting);
    return !seen.has(key) && seen.add(key);
  });
}
