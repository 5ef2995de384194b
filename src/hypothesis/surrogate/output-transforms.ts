import { exp, log, median, normalQuantile } from "../../numerics/index.ts";
import { halfRankWarp, noWarp, type OutputWarp } from "./output-warp.ts";
import type { OutputTransform } from "./surrogate.ts";

/** Makes a warp from the scores that there are. */
export type WarpOf = (scores: Float64Array) => OutputWarp;

/** Warps among which a transform chooses: one, or those whose fits are to be compared. */
export function warpsOf(transform: OutputTransform = "half rank"): readonly WarpOf[] {
  switch (transform) {
    case "half rank":
      return [halfRankWarp];
    case "none":
      return [noWarp];
    case "rank":
      return [rankWarp];
    case "power":
      return [powerWarp];
    case "evidence":
      return [halfRankWarp, noWarp, powerWarp, rankWarp];
  }
}

/**
 * Gives scores the quantiles of a standard normal distribution; equal ones share the middle of their ranks. Between
 * them, and beyond, straight lines.
 */
export function rankWarp(scores: Float64Array): OutputWarp {
  const sorted = scores.toSorted();
  const levels = [...new Set(sorted)];
  if (levels.length < 2) return noWarp(scores);
  let before = 0;
  const places = levels.map((level) => {
    const here = sorted.lastIndexOf(level) - before + 1;
    const rank = before + here / 2;
    before += here;
    return normalQuantile(rank / scores.length);
  });
  const warp = alongLine(levels, places);
  return {
    warped: scores.map(warp),
    warp,
    unwarp: alongLine(places, levels),
    slopeAt: (index) => {
      const at = levels.indexOf(scores[index] as number);
      const [low, high] = [Math.max(0, at - 1), Math.min(levels.length - 1, at + 1)];
      return (
        ((places[high] as number) - (places[low] as number)) /
        ((levels[high] as number) - (levels[low] as number))
      );
    },
  };
}

/** Straight lines through points, the first and the last going on. */
function alongLine(from: readonly number[], to: readonly number[]): (value: number) => number {
  return (value) => {
    const next = from.findIndex((each) => each >= value);
    const at = Math.max(1, next < 0 ? from.length - 1 : next);
    const [x0, y0] = [from[at - 1] as number, to[at - 1] as number];
    const [x1, y1] = [from[at] as number, to[at] as number];
    return value === x1 ? y1 : y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
  };
}

/** Powers on a grid this fine are as good as any. */
const POWERS = Array.from({ length: 41 }, (_, k) => k / 20);

/**
 * The power under which the scores are most like those of a normal distribution.
 * Source: Yeo and Johnson, A new family of power transformations (Biometrika 87:954, 2000), with powers from 0 to 2,
 * over which every value has a score.
 */
export function powerWarp(scores: Float64Array): OutputWarp {
  const centre = median([...scores]);
  const spread = median(Array.from(scores, (score) => Math.abs(score - centre)));
  if (!(spread > 0)) return noWarp(scores);
  const places = scores.map((score) => (score - centre) / spread);
  let best = 1;
  let most = -Infinity;
  for (const power of POWERS) {
    const likelihood = powerLikelihood(places, power);
    if (likelihood <= most) continue;
    [best, most] = [power, likelihood];
  }
  const warp = (score: number): number => raised((score - centre) / spread, best);
  return {
    warped: scores.map(warp),
    warp,
    unwarp: (value) => centre + spread * lowered(value, best),
    slopeAt: (index) => {
      const place = places[index] as number;
      const exponent = place >= 0 ? best - 1 : 1 - best;
      return exp(exponent * log(1 + Math.abs(place))) / spread;
    },
  };
}

function powerLikelihood(places: Float64Array, power: number): number {
  const values = places.map((place) => raised(place, power));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
  const jacobian = places.reduce((sum, place) => sum + Math.sign(place) * log(1 + Math.abs(place)), 0);
  return (power - 1) * jacobian - 0.5 * values.length * log(variance);
}

/** Yeo and Johnson's ψ: ((1 + x)ᵖ - 1)/p above 0, and with 2 - p mirrored below. */
function raised(x: number, power: number): number {
  const own = x >= 0 ? power : 2 - power;
  const ln = log(1 + Math.abs(x));
  return Math.sign(x) * (own === 0 ? ln : (exp(own * ln) - 1) / own);
}

function lowered(y: number, power: number): number {
  const own = y >= 0 ? power : 2 - power;
  const size = Math.abs(y);
  return Math.sign(y) * (exp(own === 0 ? size : log(1 + own * size) / own) - 1);
}
