import { exp } from "../../numerics/index.ts";

/** Spread of ln σ before data: two standard deviations either way are a factor of 20. */
const LOG_SPREAD = 1.5;

/**
 * The noise that belongs to a standard-normal coordinate where the campaign doesn't declare it:
 * LogNormal(ln scale, 1.5²).
 *
 * @param scale - median of the prior, in the unit of the measurement
 */
export function noiseOfCoordinate(scale: number, z: number): number {
  return scale * exp(LOG_SPREAD * z);
}
