/** A stream of random numbers, as labloop's own sequences take it. */
export interface RandomNumbers {
  uniform(): number;
  normal(): number;
  integer(below: number): number;
}

/**
 * Random numbers of the bench, the same on every machine (mulberry32, by Tommy Ettinger, public domain): good enough
 * for start points, noise and random search.
 */
export function randomNumbers(seed: number): RandomNumbers {
  // Seeds one apart would begin alike without a mixing step.
  let state = Math.imul(seed + 1, 0x9e3779b9);
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    integer: (below) => Math.floor(uniform() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
