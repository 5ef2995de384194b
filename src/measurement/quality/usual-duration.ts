import { exp, log, median, quantile } from "../../numerics/index.ts";
import { robustSpread } from "./usual-value.ts";

/** How long an action took, and how long its driver had expected it to take; milliseconds. */
export interface DurationSample {
  readonly took: number;
  readonly estimate: number;
}

/** How long an action usually takes. */
export interface UsualDuration {
  /** Samples that it is known from. */
  readonly n: number;
  /**
   * @param share - 0 … 1
   * @returns milliseconds within which this share of the actions ends
   */
  quantile(share: number): number;
}

/** Samples from which on a history says more than the declared deadline. */
export const ENOUGH_SAMPLES = 8;

/** Milliseconds that a line and an operating system take whatever is asked; keeps ratios of short actions tame. */
const LATENCY = 250;

/**
 * Spreads of the log-ratio above the median. Normal noise is beyond it once in 10⁹ times; the rest is for tails heavier than
 * normal and for spreads that a short history makes too small (usual-duration.test.ts measures it).
 */
const DEVIATIONS = 6;

/** Milliseconds above the median that an action may take whatever its history: shorter hangs trouble nobody. */
const LEAST_EXCESS = 1000;

/** Share of its usual duration that an action may take more in any case. */
const LEAST_SHARE = 0.5;

/** Relative spread below which clocks and loads of computers make the difference. */
const LEAST_SPREAD = 0.02;

/** The log-ratio of a duration to the driver's expectation. */
export function logRatio({ took, estimate }: DurationSample): number {
  return log((took + LATENCY) / (estimate + LATENCY));
}

/**
 * The distribution of an action's duration: what it took in the past relative to what its driver expected, times what
 * the driver expects of this one, so that 10 mL take longer than 1 mL.
 *
 * @param samples - at least one
 * @param estimate - the driver's expectation of this action, milliseconds
 * @throws RangeError, from `quantile`, when there are no samples
 */
export function usualDuration(samples: readonly DurationSample[], estimate: number): UsualDuration {
  const ratios = samples.map(logRatio);
  return {
    n: samples.length,
    quantile: (share) => Math.max(0, exp(quantile(ratios, share)) * (estimate + LATENCY) - LATENCY),
  };
}

/**
 * Milliseconds after which an action that still goes on is unlike all before: its median times e^(6 s), with s the spread of
 * the log-ratios by the median absolute deviation or by the upper tail, whichever is more; at least half the median and a
 * second above the median.
 *
 * @param samples - of the same action of the same instrument
 * @param estimate - the driver's expectation of this one, milliseconds
 * @returns undefined while there are fewer than {@link ENOUGH_SAMPLES}
 */
export function overdueAfter(samples: readonly DurationSample[], estimate: number): number | undefined {
  const n = samples.length;
  if (n < ENOUGH_SAMPLES) return undefined;
  const ratios = samples.map(logRatio);
  const middle = median(ratios);
  // Φ⁻¹ of the shares, 0.95 and 0.99: a tail heavier than normal shows there.
  const tails = [(quantile(ratios, 0.95) - middle) / 1.645, (quantile(ratios, 0.99) - middle) / 2.326];
  const spread = Math.max(robustSpread(ratios), ...tails, LEAST_SPREAD);
  const usual = Math.max(0, exp(middle) * (estimate + LATENCY) - LATENCY);
  const limit = exp(middle + DEVIATIONS * spread) * (estimate + LATENCY) - LATENCY;
  return Math.max(limit, usual * (1 + LEAST_SHARE), usual + LEAST_EXCESS);
}
