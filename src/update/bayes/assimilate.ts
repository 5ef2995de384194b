import type { Random } from "../../base/random.ts";
import { exp, logSumExp } from "../../numerics/index.ts";
import { type JudgedObservation, logLikelihood, type Particles } from "./law-likelihood.ts";
import { rejuvenate } from "./rejuvenate.ts";

/** Particles after an observation, and how probable the observation was before it. */
export interface Assimilated {
  readonly particles: Particles;
  /** ln p(y | all before), the increment of the law's evidence. */
  readonly logLikelihood: number;
}

/** Resampling begins when fewer than half of the particles still count. */
const LEAST_SHARE = 0.5;
/** More stages than any likelihood with finite values needs. */
const MOST_STAGES = 64;

/**
 * Takes one observation into the particles of a law: iterated batch importance sampling, in which an observation
 * that would leave too few particles is taken in by parts (tempering), with resampling and moves between them.
 * Source: Chopin, A sequential particle filter method for static models (Biometrika 89:539, 2002);
 * Del Moral, Doucet and Jasra, Sequential Monte Carlo samplers (JRSS B 68:411, 2006).
 *
 * @param past - observations that the particles have taken in before
 */
export function assimilate(
  particles: Particles,
  past: readonly JudgedObservation[],
  observation: JudgedObservation,
  random: Random,
): Assimilated {
  let current = particles;
  let taken = 0;
  let evidence = 0;
  for (let stage = 0; taken < 1 && stage < MOST_STAGES; stage++) {
    const likelihoods = current.logWeights.map((_, p) =>
      logLikelihood(observation, current, current.coordinates, p * current.dimension),
    );
    const part =
      stage === MOST_STAGES - 1 ? 1 - taken : partThatFits(current.logWeights, likelihoods, 1 - taken);
    const weighed = current.logWeights.map((weight, p) => weight + part * (likelihoods[p] as number));
    const total = logSumExp(weighed);
    evidence += total;
    taken += part;
    current = { ...current, logWeights: weighed.map((weight) => weight - total) };
    if (taken < 1 || effectiveShare(current.logWeights) < LEAST_SHARE)
      current = rejuvenate(current, past, { observation, power: taken }, random);
  }
  return { particles: current, logLikelihood: evidence };
}

/** Share of particles that still count: (Σw)² / (N Σw²). */
export function effectiveShare(logWeights: readonly number[]): number {
  const sum = logSumExp(logWeights);
  const squares = logSumExp(logWeights.map((weight) => 2 * weight));
  return exp(2 * sum - squares) / logWeights.length;
}

/** The largest power of the likelihood, up to a limit, that leaves enough particles; found by bisection. */
function partThatFits(logWeights: readonly number[], likelihoods: readonly number[], most: number): number {
  const shareAfter = (power: number): number =>
    effectiveShare(logWeights.map((weight, p) => weight + power * (likelihoods[p] as number)));
  // A tenth less than the threshold for resampling: going on below it is cheaper than a stage that gains little.
  const enough = 0.9 * LEAST_SHARE * Math.min(1, 2 * effectiveShare(logWeights));
  if (shareAfter(most) >= enough) return most;
  let low = 0;
  let high = most;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (shareAfter(middle) >= enough) low = middle;
    else high = middle;
  }
  return Math.max(low, 1e-12);
}
