import { log1p, median } from "../../numerics/index.ts";
import { meanOf, squaresOf } from "./moments.ts";

/** What values of one kind usually are. */
export interface UsualValue {
  /** Values that it is known from; those that lie far off don't count. */
  readonly n: number;
  readonly mean: number;
  /** Standard deviation. */
  readonly sd: number;
}

/** 1 / Φ⁻¹(3/4): makes the median absolute deviation an estimate of a normal distribution's standard deviation. */
const NORMAL = 1.4826;

/** Robust standard deviations beyond which a value says nothing about what is usual: of normal noise, one in 1.7 million. */
const FAR_OFF = 5;

/** A robust estimate of the standard deviation of values. */
export function robustSpread(values: readonly number[]): number {
  const middle = median(values);
  return NORMAL * median(values.map((each) => Math.abs(each - middle)));
}

/** Mean and standard deviation of what is left without values that lie far off. */
export function usualValue(values: readonly number[]): UsualValue {
  const middle = median(values);
  const spread = robustSpread(values);
  const kept = spread > 0 ? values.filter((each) => Math.abs(each - middle) <= FAR_OFF * spread) : values;
  const mean = meanOf(kept);
  const sd = kept.length > 1 ? Math.sqrt(squaresOf(kept, mean) / (kept.length - 1)) : 0;
  return { n: kept.length, mean, sd };
}

/**
 * How unusual one more value is, in standard deviations of a normal distribution that are as improbable as it is under
 * Student's t distribution: with a short history the spread itself is uncertain.
 *
 * @param least - what the standard deviation is at least
 * @returns 0 where nothing is known about the spread
 */
export function unusualness(value: number, { n, mean, sd }: UsualValue, least = 0): number {
  const spread = Math.max(sd, least);
  if (n < 2 || spread === 0) return 0;
  return normalFromT((value - mean) / (spread * Math.sqrt(1 + 1 / n)), n - 1);
}

/**
 * The normal deviate that is as improbable as a t with some degrees of freedom.
 * Source: Wallace, Annals of Mathematical Statistics 30 (1959) 1121.
 */
export function normalFromT(t: number, freedom: number): number {
  const size = ((8 * freedom + 1) / (8 * freedom + 3)) * Math.sqrt(freedom * log1p((t * t) / freedom));
  return t < 0 ? -size : size;
}
