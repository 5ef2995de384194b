import { median, normalQuantile } from "../../numerics/index.ts";

/** A rising map of scores onto a scale on which a Gaussian process predicts them better. */
export interface OutputWarp {
  /** What the scores become, in their order; shape (scores). */
  readonly warped: Float64Array;
  /** What any score becomes, also one that isn't among the data. */
  warp(score: number): number;
  /** The score that a warped value stands for. */
  unwarp(value: number): number;
  /** d warped / d score, at a score of the data. */
  slopeAt(index: number): number;
}

/** Leaves scores as they are. */
export function noWarp(scores: Float64Array): OutputWarp {
  return { warped: scores, warp: (score) => score, unwarp: (value) => value, slopeAt: () => 1 };
}

/**
 * Keeps scores above the median as they are and gives those below it the quantiles of a normal distribution whose
 * spread is that of the upper half: how bad a bad setting was then says nothing of how good a good one is, and an
 * outlier among the bad ones has no weight of its own.
 * Source: Song et al., The Vizier Gaussian process bandit algorithm (2024), output warping.
 *
 * @param scores - finite, larger is better; shape (scores)
 */
export function halfRankWarp(scores: Float64Array): OutputWarp {
  const centre = median([...scores]);
  const spread = upperSpread(scores, centre);
  const levels = [...new Set(scores)].filter((score) => score < centre).sort((a, b) => a - b);
  if (levels.length === 0 || spread === 0) return noWarp(scores);
  const places = quantilesOf(scores, levels, centre, spread);
  const warp = (score: number): number =>
    score < centre ? interpolated(levels, places, centre, score) : score;
  const warped = scores.map(warp);
  return {
    warped,
    warp,
    unwarp: (value) => (value < centre ? interpolated(places, levels, centre, value) : value),
    slopeAt: (index) => {
      const score = scores[index] as number;
      return score < centre ? Math.min(1, ((warped[index] as number) - centre) / (score - centre)) : 1;
    },
  };
}

function upperSpread(scores: Float64Array, centre: number): number {
  let sum = 0;
  let count = 0;
  for (const score of scores) {
    if (score < centre) continue;
    sum += (score - centre) * (score - centre);
    count += 1;
  }
  return Math.sqrt(sum / Math.max(1, count));
}

/** Where each level below the median goes; equal scores share the middle of their ranks. */
function quantilesOf(
  scores: Float64Array,
  levels: readonly number[],
  centre: number,
  spread: number,
): number[] {
  const below = scores.filter((score) => score < centre).length;
  let before = 0;
  return levels.map((level) => {
    const here = scores.filter((score) => score === level).length;
    const rank = before + here / 2;
    before += here;
    return centre + spread * normalQuantile((0.5 * rank) / below);
  });
}

/** Straight lines from level to level and on to the centre; below the first level, on from the first to the centre. */
function interpolated(from: readonly number[], to: readonly number[], centre: number, value: number): number {
  const first = from[0] as number;
  if (value <= first) {
    const slope = (centre - (to[0] as number)) / (centre - first);
    return (to[0] as number) + slope * (value - first);
  }
  const next = from.findIndex((level) => level >= value);
  const at = next < 0 ? from.length : next;
  const [x0, y0] = [from[at - 1] as number, to[at - 1] as number];
  const [x1, y1] = at === from.length ? [centre, centre] : [from[at] as number, to[at] as number];
  return x1 === x0 ? y1 : y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
}
