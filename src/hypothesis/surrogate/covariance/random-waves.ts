import type { Random } from "../../../base/random.ts";
import { cos, sin } from "../../../numerics/index.ts";
import type { Shape } from "./kernel.ts";
import type { FactorRows } from "./kernel-factor.ts";

/** Waves whose sum stands for a draw from the prior; its covariance is then good to about 1/√1024. */
const WAVES = 1024;

/** Degrees of freedom of the spectral density, a multivariate t: twice the smoothness of the shape. */
const FREEDOM: Readonly<Record<Shape, number>> = { matern52: 5, matern32: 3, rbf: Infinity };

/** A function drawn from a product of factors, at the point that these were moved to last. */
export interface RandomWaves {
  value(): number;
  /** The value; adds its derivative by the features to `into`. */
  derive(into: Float64Array): number;
}

/**
 * Draws a function whose covariance is a product of factors: a sum of waves whose phases are along what the factors over
 * distances see, times slopes along what the linear ones see.
 * Source: Rahimi and Recht, Random features for large-scale kernel machines (NIPS 2007).
 *
 * @param signal - variance of the function, before what lines make of it
 */
export function drawWaves(factors: readonly FactorRows[], signal: number, random: Random): RandomWaves {
  const amplitude = Math.sqrt((2 * signal) / WAVES);
  const parts = factors.map((factor) => ({
    factor,
    isLine: factor.shape === undefined,
    frequencies: new Float64Array(WAVES * factor.coordinates.length),
    pulled: new Float64Array(factor.coordinates.length),
  }));
  const phases = new Float64Array(WAVES);
  const heights = new Float64Array(WAVES);
  for (let w = 0; w < WAVES; w++) {
    for (const { factor, frequencies } of parts) fillFrequency(frequencies, w, factor, random);
    phases[w] = 2 * Math.PI * random.uniform();
    heights[w] = random.normal();
  }
  const along = new Float64Array(parts.length);
  const sum = (withSlopes: boolean): number => {
    let total = 0;
    for (let w = 0; w < WAVES; w++) {
      let phase = phases[w] as number;
      let height = amplitude * (heights[w] as number);
      for (const [f, { factor, frequencies, isLine }] of parts.entries()) {
        along[f] = dotAt(frequencies, w, factor.coordinates);
        if (isLine) height *= along[f];
        else phase += along[f];
      }
      const crest = cos(phase);
      total += height * crest;
      if (!withSlopes) continue;
      const slope = -height * sin(phase);
      for (const [f, { frequencies, pulled, isLine }] of parts.entries())
        addAt(pulled, frequencies, w, isLine ? (height * crest) / (along[f] as number) : slope);
    }
    return total;
  };
  return {
    value: () => sum(false),
    derive: (into) => {
      for (const { pulled } of parts) pulled.fill(0);
      const value = sum(true);
      for (const { factor, pulled } of parts) factor.pull(pulled, into);
      return value;
    },
  };
}

function fillFrequency(
  frequencies: Float64Array,
  wave: number,
  { shape, coordinates }: FactorRows,
  random: Random,
): void {
  const freedom = shape === undefined ? Infinity : FREEDOM[shape];
  let wide = 1;
  if (Number.isFinite(freedom)) {
    let square = 0;
    for (let k = 0; k < freedom; k++) {
      const z = random.normal();
      square += z * z;
    }
    wide = Math.sqrt(freedom / square);
  }
  const width = coordinates.length;
  for (let k = 0; k < width; k++) frequencies[wave * width + k] = wide * random.normal();
}

function dotAt(frequencies: Float64Array, wave: number, coordinates: Float64Array): number {
  const from = wave * coordinates.length;
  let sum = 0;
  for (let k = 0; k < coordinates.length; k++)
    sum += (frequencies[from + k] as number) * (coordinates[k] as number);
  return sum;
}

function addAt(into: Float64Array, frequencies: Float64Array, wave: number, times: number): void {
  const from = wave * into.length;
  for (let k = 0; k < into.length; k++)
    into[k] = (into[k] as number) + times * (frequencies[from + k] as number);
}
