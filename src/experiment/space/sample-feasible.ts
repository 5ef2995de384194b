import type { Random } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { SOBOL_DIMENSIONS, sobolPoints } from "../../numerics/index.ts";
import { isFeasible, meetsConstraints, violation } from "./feasibility.ts";
import { neighboursOf } from "./neighbours.ts";
import { freeParameters, settingAt } from "./place-setting.ts";
import { settingKey } from "./setting-key.ts";
import type { Space } from "./space.ts";

/** Points tried for each one that is wanted, before a walk takes over. */
const TRIES_EACH = 16;
const TRIES_LEAST = 512;

/**
 * Settings that fill the feasible part of a space evenly: scrambled Sobol points where they are feasible; where
 * too few are, a random walk from those that were found.
 *
 * @param count - how many are wanted
 * @returns makeable settings, all different; fewer than `count` when the space has no more, or too little of it was found
 */
export function sampleFeasible(space: Space, count: number, random: Random): Setting[] {
  const found = new Map<string, Setting>();
  let nearest: { setting: Setting; violation: number } | undefined;
  let size = count;
  for (
    let tried = 0;
    tried < Math.max(TRIES_LEAST, TRIES_EACH * count) && found.size < count;
    tried += size
  ) {
    for (const setting of cubeSettings(space, size, random)) {
      if (found.size >= count) break;
      if (meetsConstraints(space, setting)) {
        found.set(settingKey(setting), setting);
      } else if (found.size === 0) {
        const lack = violation(space, setting);
        if (nearest === undefined || lack < nearest.violation) nearest = { setting, violation: lack };
      }
    }
    size = Math.max(count - found.size, 64);
  }
  if (found.size === 0 && nearest !== undefined) {
    const repaired = repairFeasible(space, nearest.setting);
    if (repaired !== undefined) found.set(settingKey(repaired), repaired);
  }
  if (found.size > 0 && found.size < count) walk(space, found, count, random);
  return [...found.values()];
}

function cubeSettings(space: Space, count: number, random: Random): Setting[] {
  const width = freeParameters(space).length;
  const dimensions = Math.min(width, SOBOL_DIMENSIONS);
  const points = sobolPoints(count, dimensions, random);
  const settings: Setting[] = [];
  for (let i = 0; i < count; i++) {
    const places = Array.from({ length: width }, (_, k) =>
      k < dimensions ? (points[i * dimensions + k] as number) : random.uniform(),
    );
    const setting = settingAt(space, places);
    if (setting !== undefined) settings.push(setting);
  }
  return settings;
}

/**
 * Moves a setting towards the feasible part by whichever neighbour lacks least, at ever smaller distances.
 *
 * @returns undefined when it gets stuck outside
 */
export function repairFeasible(space: Space, start: Setting): Setting | undefined {
  let setting = start;
  let lack = violation(space, setting);
  for (let radius = 0.5; radius > 1e-4 && lack > 0; ) {
    let better: Setting | undefined;
    for (const neighbour of neighboursOf(space, setting, radius)) {
      const other = violation(space, neighbour);
      if (other < lack) {
        lack = other;
        better = neighbour;
      }
    }
    if (better === undefined) radius /= 2;
    else setting = better;
  }
  return isFeasible(space, setting) ? setting : undefined;
}

/** Random steps of random length from settings that are known to be feasible. */
function walk(space: Space, found: Map<string, Setting>, count: number, random: Random): void {
  const known = [...found.values()];
  for (let step = 0; step < TRIES_EACH * count && found.size < count; step++) {
    const from = known[random.integer(known.length)] as Setting;
    const near = neighboursOf(space, from, 0.5 * random.uniform() ** 2);
    const next = near[random.integer(near.length)];
    if (next === undefined || !isFeasible(space, next) || found.has(settingKey(next))) continue;
    found.set(settingKey(next), next);
    known.push(next);
  }
}
