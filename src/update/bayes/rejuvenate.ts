import type { Random } from "../../base/random.ts";
import { choleskyOf, exp, log } from "../../numerics/index.ts";
import { type JudgedObservation, logLikelihood, type Particles } from "./law-likelihood.ts";

/** Moves of each particle after resampling; with the customary quarter accepted most copies part in five. */
const SWEEPS = 5;

/** The part of the newest observation that has been taken in. */
export interface Partial {
  readonly observation: JudgedObservation;
  /** 0 … 1. */
  readonly power: number;
}

/**
 * Draws particles anew by weight (systematic resampling) and moves the copies apart by random-walk Metropolis steps
 * that leave the posterior as it is; their covariance is 2.38²/d times that of the particles
 * (Gelman, Roberts and Gilks, 1996).
 */
export function rejuvenate(
  particles: Particles,
  past: readonly JudgedObservation[],
  newest: Partial,
  random: Random,
): Particles {
  const { dimension } = particles;
  const count = particles.logWeights.length;
  const coordinates = resampled(particles, random);
  if (dimension === 0) return { ...particles, coordinates: [...coordinates], logWeights: equal(count) };
  const root = proposalRoot(coordinates, dimension);
  const density = (at: ArrayLike<number>, from: number): number => {
    let sum = newest.power * logLikelihood(newest.observation, particles, at, from);
    for (let k = 0; k < dimension; k++) sum -= 0.5 * (at[from + k] as number) * (at[from + k] as number);
    for (const observation of past) sum += logLikelihood(observation, particles, at, from);
    return sum;
  };
  const proposal = new Float64Array(dimension);
  const steps = new Float64Array(dimension);
  for (let p = 0; p < count; p++) {
    const from = p * dimension;
    let here = density(coordinates, from);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      for (let k = 0; k < dimension; k++) steps[k] = random.normal();
      for (let k = 0; k < dimension; k++) {
        let step = 0;
        for (let j = 0; j <= k; j++) step += (root[k * dimension + j] as number) * (steps[j] as number);
        proposal[k] = (coordinates[from + k] as number) + step;
      }
      const there = density(proposal, 0);
      if (log(1 - random.uniform()) < there - here) {
        coordinates.set(proposal, from);
        here = there;
      }
    }
  }
  return { ...particles, coordinates: [...coordinates], logWeights: equal(count) };
}

function equal(count: number): number[] {
  return Array.from({ length: count }, () => -log(count));
}

/** Systematic resampling: one random number, then equal distances along the cumulated weights. */
function resampled({ dimension, coordinates, logWeights }: Particles, random: Random): Float64Array {
  const count = logWeights.length;
  const chosen = new Float64Array(count * dimension);
  const offset = random.uniform();
  let cumulated = exp(logWeights[0] as number);
  let particle = 0;
  for (let p = 0; p < count; p++) {
    while ((p + offset) / count > cumulated && particle < count - 1)
      cumulated += exp(logWeights[++particle] as number);
    for (let k = 0; k < dimension; k++)
      chosen[p * dimension + k] = coordinates[particle * dimension + k] as number;
  }
  return chosen;
}

/** Root of the proposal's covariance; a particle cloud without extent gets steps of 1e-6 of the prior. */
function proposalRoot(coordinates: Float64Array, dimension: number): Float64Array {
  const count = coordinates.length / dimension;
  const means = new Float64Array(dimension);
  for (const [i, x] of coordinates.entries())
    means[i % dimension] = (means[i % dimension] as number) + x / count;
  const covariance = new Float64Array(dimension * dimension);
  const factor = (2.38 * 2.38) / dimension / count;
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < dimension; i++) {
      const byRow = factor * ((coordinates[p * dimension + i] as number) - (means[i] as number));
      for (let j = 0; j <= i; j++)
        covariance[i * dimension + j] =
          (covariance[i * dimension + j] as number) +
          byRow * ((coordinates[p * dimension + j] as number) - (means[j] as number));
    }
  }
  for (let i = 0; i < dimension; i++)
    covariance[i * dimension + i] = (covariance[i * dimension + i] as number) + 1e-12;
  const root = choleskyOf(covariance, dimension);
  return root?.lower ?? new Float64Array(dimension * dimension);
}
