import type { Random } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { SOBOL_DIMENSIONS, sobolPoints } from "../../numerics/index.ts";
import { enumerateSettings } from "./enumerate-settings.ts";
import { isFeasible } from "./feasibility.ts";
import { firstFeasible } from "./first-feasible.ts";
import { hitAndRun } from "./hit-and-run.ts";
import { type Placer, placerOf } from "./place-setting.ts";
import { type Relaxation, relaxationOf } from "./relaxation.ts";
import { pointAt } from "./relaxed-point.ts";
import { settingKey } from "./setting-key.ts";
import type { Space } from "./space.ts";

/** Sobol points go on as long as at least one in so many is feasible. */
const TRIES_EACH = 16;
/** Sobol points after which that is judged. */
const TRIES_LEAST = 256;
/** Combinations up to which every setting is looked at when points don't find enough. */
const FEW = 4096;

type Found = Map<string, Setting>;

/**
 * Settings that fill the feasible part of a space evenly: scrambled Sobol points where at least one in 16 is
 * feasible; where too few are, random walks through the feasible part ({@link hitAndRun}).
 *
 * @param count - how many are wanted
 * @returns makeable settings, all different; fewer than `count` when the space has no more, or too little of it was found
 */
export function sampleFeasible(space: Space, count: number, random: Random): Setting[] {
  const found: Found = new Map();
  takeFromCube(space, found, count, random);
  if (found.size < count) takeFromAll(space, found, count, random);
  if (found.size < count) takeFromWalks(space, found, count, random);
  return [...found.values()];
}

function takeFromCube(space: Space, found: Found, count: number, random: Random): void {
  const placer = placerOf(space);
  // Many points that all turn out to be useless cost more than a look at a few.
  const limited = space.mixtures.length + space.constraints.length > 0;
  if (limited && count > TRIES_LEAST && feasibleIn(placer, space, 64, random).length * TRIES_EACH < 64)
    return;
  let size = count;
  let feasible = 0;
  for (let tried = 0; found.size < count; size = Math.max(count - found.size, 64)) {
    const before = found.size;
    const settings = feasibleIn(placer, space, size, random);
    for (const setting of settings.slice(0, count)) {
      if (found.size < count) found.set(settingKey(setting), setting);
    }
    tried += size;
    feasible += settings.length;
    const onlyRepeats = found.size === before && feasible > 0;
    if (tried >= TRIES_LEAST && (onlyRepeats || feasible * TRIES_EACH < tried)) return;
  }
}

/** The feasible ones among the settings at scrambled Sobol points. */
function feasibleIn(placer: Placer, space: Space, count: number, random: Random): Setting[] {
  const { width } = placer;
  const dimensions = Math.min(width, SOBOL_DIMENSIONS);
  const points = sobolPoints(count, dimensions, random);
  const settings: Setting[] = [];
  for (let i = 0; i < count; i++) {
    const places = Array.from({ length: width }, (_, k) =>
      k < dimensions ? (points[i * dimensions + k] as number) : random.uniform(),
    );
    const setting = placer.settingAt(places);
    if (setting !== undefined && isFeasible(space, setting)) settings.push(setting);
  }
  return settings;
}

/** Takes settings in random order, where there are few. */
function takeFromAll(space: Space, found: Found, count: number, random: Random): void {
  const all = enumerateSettings(space, FEW);
  if (all === undefined) return;
  const left = all.filter((setting) => !found.has(settingKey(setting)));
  while (left.length > 0 && found.size < count) {
    const [setting] = left.splice(random.integer(left.length), 1);
    if (setting !== undefined) found.set(settingKey(setting), setting);
  }
}

/** Starts looked for, and kept where they differ: parts of the space that no step connects. */
const SEARCHES = 8;
const STARTS = 3;
/** A walk ends after so many samples in a row that it had given before. */
const REPEATS = 64;

function takeFromWalks(space: Space, found: Found, count: number, random: Random): void {
  const relaxation = relaxationOf(space);
  const starts = found.size > 0 ? [...found.values()] : searchStarts(relaxation, random);
  if (starts.length === 0) return;
  const elements = relaxation.numeric.length + relaxation.categorical.length;
  const between = 8 + elements;
  const walks = Math.min(starts.length, count, STARTS + 1);
  for (let w = 0; w < walks; w++) {
    const start = starts[random.integer(starts.length)] as Setting;
    const walk = hitAndRun(relaxation, pointAt(relaxation, start), random);
    // A start that was searched for lies at an odd place; ten times the usual distance forgets it.
    for (let step = 0; step < (found.size > 0 ? 1 : 10) * between; step++) walk.step();
    const wanted = Math.ceil((count - found.size) / (walks - w)) + found.size;
    for (let repeats = 0; found.size < wanted && repeats < REPEATS; ) {
      for (let step = 0; step < between; step++) walk.step();
      const setting = walk.setting();
      const key = setting === undefined ? "" : settingKey(setting);
      if (setting === undefined || found.has(key) || !isFeasible(space, setting)) repeats += 1;
      else {
        found.set(key, setting);
        repeats = 0;
      }
    }
  }
  if (found.size === 0) for (const start of starts.slice(0, count)) found.set(settingKey(start), start);
}

function searchStarts(relaxation: Relaxation, random: Random): Setting[] {
  const starts: Found = new Map();
  for (let search = 0; search < SEARCHES && starts.size < STARTS; search++) {
    const start = firstFeasible(relaxation, random);
    if (start !== undefined) starts.set(settingKey(start), start);
  }
  return [...starts.values()];
}
